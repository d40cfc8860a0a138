import type { Bot, Phase } from './bot.ts'
import type { Action } from './plan.ts'
import type { Reason } from './reason.ts'
import { wantsOff } from './plan.ts'

export type Status = { phase: Phase; reason: Reason }

/**
 * The one place where a status is made from what a turn decided.
 * A `wait` keeps the phase and only says why; a wait for the platform keeps a new bot `queued`.
 */
export function statusAfter(bot: Bot, action: Action): Status {
  const reason = action.why
  switch (action.do) {
    case 'idle': return { phase: action.phase, reason }
    case 'fail': return { phase: bot.desired === 'deleted' ? 'deleting' : 'failed', reason }
    case 'remove': return { phase: bot.desired === 'deleted' ? 'deleting' : bot.phase, reason }
    case 'finalise': return { phase: 'deleting', reason }
    case 'stop': return { phase: 'stopping', reason }
    case 'create': case 'adopt': return { phase: bot.desired === 'deleted' ? 'deleting' : 'provisioning', reason }
    case 'update': return { phase: bot.command === '' ? 'provisioning' : 'updating', reason }
    case 'start': return { phase: startPhase(bot), reason }
    case 'restart': return { phase: bot.phase === 'updating' ? 'updating' : 'restarting', reason }
    case 'wait': return { phase: bot.desired === 'deleted' ? 'deleting' : bot.phase, reason }
  }
}

function startPhase(bot: Bot): Phase {
  if (bot.command === '') return 'provisioning'
  return bot.phase === 'updating' || bot.phase === 'restarting' || bot.phase === 'provisioning' ? bot.phase : 'starting'
}

/** What an accepted intent changed. */
export type IntentChange = 'created' | 'spec' | 'state' | 'action' | 'suspension'

/**
 * The status a bot shows the moment its intent is accepted, before any step ran.
 * @param bot the bot with the new intent already in it
 */
export function statusOnIntent(bot: Bot, change: IntentChange): Status {
  if (bot.desired === 'deleted') return { phase: 'deleting', reason: 'deleting' }
  const untouched = bot.serviceUuid === '' && bot.triedAt === 0
  if (wantsOff(bot)) {
    if (untouched || bot.phase === 'stopped' || bot.phase === 'suspended') {
      return bot.suspended
        ? { phase: 'suspended', reason: 'tenant_suspended' }
        : { phase: 'stopped', reason: 'stopped_by_choice' }
    }
    return { phase: 'stopping', reason: bot.suspended ? 'tenant_suspended' : 'stopping' }
  }
  if (bot.server === '') return { phase: 'queued', reason: 'waiting_for_capacity' }
  if (untouched || change === 'created') return { phase: 'queued', reason: 'accepted' }
  if (bot.command === '') return { phase: 'provisioning', reason: 'creating' }
  if (bot.phase === 'stopped' || bot.phase === 'suspended' || bot.phase === 'stopping') return { phase: 'starting', reason: 'accepted' }
  if (change === 'spec') return { phase: 'updating', reason: 'applying_changes' }
  return { phase: 'restarting', reason: 'restarting' }
}
