import type { Bot, Phase } from './bot.ts'
import type { SeenHealth, SeenState } from './ports.ts'
import type { Reason } from './reason.ts'
import * as bounds from './bounds.ts'

/** What the newest look at the platform says about one bot's service. */
export type Seen = {
  /** When it was looked, epoch ms; 0 = never. */
  at: number
  /** `absent` is proven: a 404 for the service, or a complete look-up by name. */
  presence: 'present' | 'absent' | 'unknown'
  uuid: string
  state: SeenState
  health: SeenHealth
  /** Other services under the bot's name, left by a create whose answer was lost. */
  twins: string[]
}

/** What to do next, and the reason. `untilMs` is the instant at which to look again. */
export type Action =
  | { do: 'create' | 'update' | 'start' | 'stop' | 'restart' | 'finalise' | 'fail'; why: Reason }
  | { do: 'adopt' | 'remove'; uuid: string; why: Reason }
  | { do: 'wait'; why: Reason; untilMs: number }
  | { do: 'idle'; why: Reason; phase: Phase }

type Check = (bot: Bot, seen: Seen, now: number) => Action | null

/**
 * Decides the next act for one bot. Total, pure and without memory: the same bot, sight and clock give
 * the same action, and a bot that is as it should be gives `idle`.
 */
export function plan(bot: Bot, seen: Seen, now: number): Action {
  for (const check of checks) {
    const action = check(bot, seen, now)
    if (action !== null) return action
  }
  return { do: 'wait', why: 'starting_up', untilMs: now + bounds.lookAgainMs }
}

/** True while the record wants nothing to run: stopped by choice, or the tenant is suspended. */
export function wantsOff(bot: Bot): boolean {
  return bot.suspended || bot.desired === 'stopped'
}

const wait = (why: Reason, untilMs: number): Action => ({ do: 'wait', why, untilMs })
const started = (bot: Bot) => bot.command === 'start' || bot.command === 'restart'
const seenSince = (bot: Bot, seen: Seen) => seen.at > bot.commandAt
const actionPending = (bot: Bot) => bot.actionGeneration > bot.commandGeneration

/** Coolify races a stop or delete against a running `compose up` and leaves orphans: let it finish first. */
const busyStarting: Check = (bot, seen, now) => {
  if (!started(bot)) return null
  if (seen.state === 'starting' && now < bot.commandAt + bounds.startJobMs) {
    return wait('waiting_for_image', now + bounds.lookAgainMs)
  }
  if (!seenSince(bot, seen) && now < bot.commandAt + bounds.commandQueueMs) {
    return wait('starting_up', bot.commandAt + bounds.commandQueueMs)
  }
  return null
}

const deletion: Check = (bot, seen, now) => {
  if (bot.desired !== 'deleted') return null
  if (bot.serviceUuid === '') {
    if (bot.triedAt === 0) return { do: 'finalise', why: 'deleting' }
    const settled = bot.triedAt + bounds.createSettleMs
    if (now < settled) return wait('answer_lost', settled)
    if (seen.presence === 'present') return { do: 'adopt', uuid: seen.uuid, why: 'deleting' }
    if (seen.presence === 'absent') return { do: 'finalise', why: 'deleting' }
    return wait('platform_unreachable', now + bounds.waitRecheckMs)
  }
  if (seen.presence === 'absent') return { do: 'finalise', why: 'deleting' }
  if (seen.presence === 'unknown') return wait('platform_unreachable', now + bounds.waitRecheckMs)
  const busy = busyStarting(bot, seen, now)
  if (busy !== null) return busy
  const removing = bot.command === 'remove' && bot.commandAcked
  if (removing && now < bot.commandAt + bounds.removeRepeatMs) return wait('deleting', now + bounds.lookAgainMs)
  return { do: 'remove', uuid: bot.serviceUuid, why: 'deleting' }
}

const unused: Check = (bot) => {
  if (bot.serviceUuid !== '' || bot.triedAt !== 0 || !wantsOff(bot)) return null
  return atRest(bot)
}

const unplaced: Check = (bot, _seen, now) =>
  bot.server === '' ? wait('waiting_for_capacity', now + bounds.capacityRecheckMs) : null

const unrecorded: Check = (bot, seen, now) => {
  if (bot.serviceUuid !== '') return null
  if (bot.triedAt === 0) return { do: 'create', why: 'creating' }
  const settled = bot.triedAt + bounds.createSettleMs
  if (now < settled) return wait('answer_lost', settled)
  const twin = seen.twins[0]
  if (twin !== undefined) return { do: 'remove', uuid: twin, why: 'answer_lost' }
  if (seen.presence === 'present') return { do: 'adopt', uuid: seen.uuid, why: 'creating' }
  if (seen.presence === 'absent') return wantsOff(bot) ? atRest(bot) : { do: 'create', why: 'creating' }
  return wait('platform_unreachable', now + bounds.waitRecheckMs)
}

/** A service that is proven gone is made anew only when no data can be lost, or when a person says so. */
const lost: Check = (bot, seen) => {
  if (seen.presence !== 'absent') return null
  if (wantsOff(bot)) return atRest(bot)
  const neverRan = bot.command === ''
  const orderedAnew = bot.actionKind === 'redeploy' && bot.actionGeneration > bot.observedGeneration
  if (!bot.hasVolumes || neverRan || orderedAnew) return { do: 'create', why: 'creating' }
  return { do: 'fail', why: 'service_lost' }
}

const off: Check = (bot, seen, now) => {
  if (!wantsOff(bot)) return null
  if (bot.command === '') return atRest(bot)
  const busy = busyStarting(bot, seen, now)
  if (busy !== null) return busy
  const stopping: Reason = bot.suspended ? 'tenant_suspended' : 'stopping'
  if (!seenSince(bot, seen)) {
    const unheard = bot.command === 'stop' && !bot.commandAcked && now >= bot.commandAt + bounds.commandSettleMs
    return unheard ? { do: 'stop', why: stopping } : wait(stopping, now + bounds.lookAgainMs)
  }
  if (seen.state === 'exited') {
    const stale = started(bot) && now < bot.commandAt + bounds.staleExitedMs
    return stale ? wait(stopping, now + bounds.waitRecheckMs) : atRest(bot)
  }
  if (overdue(bot, seen)) return { do: 'fail', why: 'not_stopped_in_time' }
  const asked = bot.command === 'stop' && now < bot.commandAt + (bot.commandAcked ? bounds.stopRepeatMs : bounds.commandSettleMs)
  return asked ? wait(stopping, now + bounds.lookAgainMs) : { do: 'stop', why: stopping }
}

const outOfDate: Check = (bot, seen, now) => {
  if (bot.wantedHash === bot.specHash) return null
  const settled = bot.unsureAt + bounds.createSettleMs
  if (bot.unsureAt !== 0 && now < settled) return wait('answer_lost', settled)
  return busyStarting(bot, seen, now) ?? { do: 'update', why: bot.command === '' ? 'creating' : 'applying_changes' }
}

const needsStart: Check = (bot, seen, now) => {
  if (started(bot) && bot.commandHash === bot.wantedHash && !actionPending(bot)) return null
  if (bot.command === '') return { do: 'start', why: 'starting_up' }
  const busy = busyStarting(bot, seen, now)
  if (busy !== null) return busy
  if (bot.command === 'stop') {
    const down = seenSince(bot, seen) && seen.state === 'exited'
    if (!down && now < bot.commandAt + bounds.stopRepeatMs) return wait('starting_up', now + bounds.lookAgainMs)
    return { do: 'start', why: 'starting_up' }
  }
  const why = bot.phase === 'updating' ? 'applying_changes' : 'restarting'
  return seen.state === 'exited' ? { do: 'start', why } : { do: 'restart', why }
}

const running: Check = (bot, seen, now) => {
  const soon = wait(waitingFor(bot), now + bounds.lookAgainMs)
  if (!bot.commandAcked && now < bot.commandAt + bounds.commandSettleMs && !seenSince(bot, seen)) return soon
  if (!seenSince(bot, seen)) return soon
  if (seen.state === 'running' && seen.health !== 'unhealthy') return { do: 'idle', why: 'healthy', phase: 'running' }
  if (seen.state === 'exited') return exited(bot, seen, now)
  if (bot.phase === 'failed') return overdueOrFailed(bot)
  if (seen.state === 'starting' || (seen.state === 'running' && moving(bot))) {
    return overdue(bot, seen) ? { do: 'fail', why: 'not_healthy_in_time' } : soon
  }
  const why: Reason = seen.state === 'running' ? 'unhealthy' : 'crash_loop'
  if (moving(bot)) return bot.misses >= bounds.crashLoopMissesMax ? { do: 'fail', why } : soon
  if (bot.misses < bounds.missesMax) return wait(bot.reason as Reason, now + bounds.waitRecheckMs)
  return { do: 'idle', why, phase: 'degraded' }
}

const checks: readonly Check[] = [deletion, unused, unplaced, unrecorded, lost, off, outOfDate, needsStart, running]

function exited(bot: Bot, seen: Seen, now: number): Action {
  if (bot.phase === 'failed') return overdueOrFailed(bot)
  const unheard = !bot.commandAcked && now >= bot.commandAt + bounds.commandSettleMs
  if (unheard) return { do: 'start', why: waitingFor(bot) }
  if (now < bot.commandAt + bounds.exitedToleranceMs * 2 ** bot.repeats) return wait(moving(bot) ? waitingFor(bot) : (bot.reason as Reason), now + bounds.lookAgainMs)
  if (!moving(bot) && bot.misses < bounds.missesMax) return wait(bot.reason as Reason, now + bounds.waitRecheckMs)
  if (bot.repeats < bounds.repeatsMax) return { do: 'start', why: 'starting_up' }
  return { do: 'fail', why: 'container_exited' }
}

function overdueOrFailed(bot: Bot): Action {
  return { do: 'fail', why: bot.reason as Reason }
}

function atRest(bot: Bot): Action {
  return bot.suspended
    ? { do: 'idle', why: 'tenant_suspended', phase: 'suspended' }
    : { do: 'idle', why: 'stopped_by_choice', phase: 'stopped' }
}

/** True in the phases that have a deadline. */
export function moving(bot: Bot): boolean {
  return bounds.phaseDeadlineMs[bot.phase] !== undefined || bot.phase === 'queued'
}

/** The deadline of the phase is over and the platform was looked at once more since then. */
function overdue(bot: Bot, seen: Seen): boolean {
  const deadline = bounds.phaseDeadlineMs[bot.phase]
  return deadline !== undefined && seen.at > bot.phaseSince + deadline
}

function waitingFor(bot: Bot): Reason {
  if (bot.phase === 'updating') return 'applying_changes'
  return bot.phase === 'restarting' ? 'restarting' : 'starting_up'
}
