import type { Text } from '../tenancy/refusal.ts'
import type { Action } from './plan.ts'
import type { Bot } from './bot.ts'
import type { Status } from './status.ts'

/** What a line in a bot's log can say. `step` of a `deploy_logs` row is a key of this table. */
export const LOG_STEPS = {
  accepted: { de: 'Auftrag angenommen: {what}', en: 'Request accepted: {what}' },
  created: { de: 'Dienst auf der Plattform angelegt', en: 'Service created on the platform' },
  adopted: { de: 'Dienst auf der Plattform wiedergefunden', en: 'Service found again on the platform' },
  updated: { de: 'Einrichtung auf der Plattform aktualisiert', en: 'Set-up updated on the platform' },
  start_requested: { de: 'Start angefordert', en: 'Start requested' },
  restart_requested: { de: 'Neustart angefordert', en: 'Restart requested' },
  stop_requested: { de: 'Anhalten angefordert', en: 'Stop requested' },
  removed: { de: 'Löschen auf der Plattform angefordert', en: 'Deletion requested on the platform' },
  twin_removed: { de: 'Doppelter Dienst entfernt', en: 'Duplicate service removed' },
  finalised: { de: 'Auf der Plattform ist nichts mehr übrig', en: 'Nothing is left on the platform' },
  running: { de: 'Bot läuft', en: 'Bot is running' },
  degraded: { de: 'Bot läuft gestört: {why}', en: 'Bot is degraded: {why}' },
  stopped: { de: 'Bot ist angehalten', en: 'Bot is stopped' },
  suspended: { de: 'Bot ist wegen Kontosperre angehalten', en: 'Bot is stopped because the account is suspended' },
  failed: { de: 'Fehlgeschlagen: {why} {detail}', en: 'Failed: {why} {detail}' },
  waiting: { de: 'Wartet: {why}', en: 'Waiting: {why}' },
} satisfies Record<string, Text>

export type LogStep = keyof typeof LOG_STEPS
export type LogLine = {
  step: LogStep
  level: 'info' | 'warn' | 'error'
  params: Record<string, string>
}

const actSteps: Partial<Record<Action['do'], LogStep>> = {
  create: 'created', adopt: 'adopted', update: 'updated', start: 'start_requested',
  restart: 'restart_requested', stop: 'stop_requested', finalise: 'finalised',
}

/**
 * The lines of one turn: the act that was done, and the status if it changed. Nothing changed, no line.
 * @param detail what the platform said, already redacted; empty for none
 */
export function linesOf(bot: Bot, acted: Action | null, status: Status, detail: string): LogLine[] {
  const lines: LogLine[] = []
  if (acted !== null) {
    const twin = acted.do === 'remove' && acted.uuid !== bot.serviceUuid
    const step = acted.do === 'remove' ? (twin ? 'twin_removed' : 'removed') : actSteps[acted.do]
    if (step !== undefined) lines.push({ step, level: 'info', params: {} })
  }
  if (status.phase === bot.phase && status.reason === bot.reason) return lines
  const line = statusLine(status, bot, detail)
  if (line !== null) lines.push(line)
  return lines
}

function statusLine(status: Status, bot: Bot, detail: string): LogLine | null {
  const why = status.reason
  switch (status.phase) {
    case 'running': return bot.phase === 'running' ? null : { step: 'running', level: 'info', params: {} }
    case 'stopped': return { step: 'stopped', level: 'info', params: {} }
    case 'suspended': return { step: 'suspended', level: 'warn', params: {} }
    case 'degraded': return { step: 'degraded', level: 'warn', params: { why } }
    case 'failed': return { step: 'failed', level: 'error', params: { why, detail } }
    default:
      return why.startsWith('waiting_') || why.startsWith('platform_') || why === 'answer_lost'
        ? { step: 'waiting', level: 'warn', params: { why } }
        : null
  }
}
