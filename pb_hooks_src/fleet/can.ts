import type { Bot } from './bot.ts'

export const VERBS = ['open', 'start', 'stop', 'restart', 'redeploy', 'edit', 'destroy'] as const
export type Verb = (typeof VERBS)[number]

/** Roles that may change bots; the others may only look. */
export const EDITORS: readonly string[] = ['owner', 'admin', 'member']

/**
 * Which verbs make sense for a bot in its state. The server sends them with every record, so that no
 * client has to know the phases.
 * @param mayEdit the caller may change bots of this tenant
 */
export function can(bot: Pick<Bot, 'phase' | 'desired' | 'suspended'> & { url: string }, mayEdit: boolean): Verb[] {
  const verbs: Verb[] = []
  const live = bot.phase === 'running' || bot.phase === 'degraded'
  if (live && bot.url !== '') verbs.push('open')
  if (!mayEdit || bot.desired === 'deleted') return verbs
  if (bot.suspended) return verbs
  const off = bot.desired === 'stopped'
  if (off || bot.phase === 'failed') verbs.push('start')
  if (!off) verbs.push('stop')
  if (!off && (live || bot.phase === 'failed')) verbs.push('restart', 'redeploy')
  verbs.push('edit', 'destroy')
  return verbs
}
