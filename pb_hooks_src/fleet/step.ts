import type { Action, Seen } from './plan.ts'
import type { Bot } from './bot.ts'
import type { FleetPorts, Held, Turn } from './store.ts'
import { reasonOf } from './reason.ts'
import { act } from './act.ts'
import { gather } from './gather.ts'
import { plan, wantsOff } from './plan.ts'
import { statusAfter } from './status.ts'
import { linesOf } from './log.ts'
import { dueAfter } from './retry.ts'
import * as bounds from './bounds.ts'

/**
 * One turn on one bot: gather, plan, act, record. Safe to repeat at any instant; a process that ends
 * anywhere in between leaves marks from which the next turn goes on.
 * @param attempts how often in a row turns on this bot came to nothing, 1 for the first
 */
export function step(ports: FleetPorts, id: string, attempts: number): Turn {
  const now = ports.now()
  const held = hold(ports, id)
  if (held === null) return { kind: 'done' }
  const { seen, trouble } = gather(ports, held, now)
  const bot = observe(ports, held, seen, now)
  const current: Held = { ...held, bot }
  if (trouble !== null) {
    const why = reasonOf(trouble.code, 'platform_unreachable')
    return settle(ports, current, null, { do: 'wait', why, untilMs: now + trouble.retryMs }, trouble.message, now)
  }
  return decide(ports, current, seen, { now, attempts, again: 1 })
}

function hold(ports: FleetPorts, id: string): Held | null {
  const held = ports.bots.read(id)
  if (held === null || held.bot.server !== '' || held.bot.serviceUuid !== '' || held.bot.desired === 'deleted' || wantsOff(held.bot)) return held
  return ports.bots.place(id) ? ports.bots.read(id) : held
}

/** Plans and acts; a service that turns out to be gone is planned once more with that knowledge. */
function decide(ports: FleetPorts, held: Held, seen: Seen, turn: { now: number; attempts: number; again: number }): Turn {
  const { now, attempts, again } = turn
  const action = plan(held.bot, seen, now)
  if (held.trouble !== null && needsSpec(action)) {
    return settle(ports, held, null, { do: 'fail', why: held.trouble.code }, held.trouble.message, now)
  }
  const acted = act({ ports, held, platform: ports.platform(held.connection), attempts }, action)
  if (acted.kind === 'finalised') return { kind: 'done' }
  if (acted.kind === 'gone' && again > 0) {
    return decide(ports, held, { ...seen, at: now, presence: 'absent', state: 'unknown' }, { ...turn, again: again - 1 })
  }
  if (acted.kind === 'instead') return settle(ports, held, null, acted.action, acted.message, now)
  return settle(ports, held, isAct(action) ? action : null, action, '', now)
}

const needsSpec = (action: Action): boolean =>
  action.do === 'create' || action.do === 'update' || action.do === 'start' || action.do === 'restart'
const isAct = (action: Action): boolean => action.do !== 'wait' && action.do !== 'idle' && action.do !== 'fail'

/** Counts bad observations, each newer look once; a good one clears the count. */
function observe(ports: FleetPorts, held: Held, seen: Seen, now: number): Bot {
  const { bot } = held
  if (seen.at <= held.lastSeenAt) return bot
  const good = seen.state === 'running' && seen.health !== 'unhealthy'
  const bad = seen.at > bot.commandAt && !good && seen.state !== 'starting'
  const misses = good ? 0 : bad ? bot.misses + 1 : bot.misses
  const settled = good && bot.repeats > 0 && now > bot.commandAt + bounds.staleExitedMs
  const changed = misses !== bot.misses || settled
  const worth = changed || seen.at - held.lastSeenAt > bounds.sweepQuietMs
  const repeats = settled ? 0 : bot.repeats
  if (worth || bad) ports.bots.mark(bot.id, { misses, repeats, lastSeenAt: seen.at })
  return { ...bot, misses, repeats }
}

/** Writes the status if it changed, asks for the next sweep, and says when the bot is due again. */
function settle(ports: FleetPorts, held: Held, acted: Action | null, action: Action, message: string, now: number): Turn {
  const { bot } = held
  const status = statusAfter(bot, action)
  const rest = action.do === 'idle' || action.do === 'fail'
  const observed = rest && bot.observedGeneration !== bot.generation
  const lines = linesOf(bot, acted, status, message)
  if (status.phase !== bot.phase || status.reason !== bot.reason || observed || lines.length > 0) {
    ports.bots.record(bot.id, { generation: bot.generation, status, observed: rest, message, lines, at: now })
  }
  const due = dueAfter(action, now, ports.random())
  if (bot.server !== '' && !rest) ports.sights.want(bot.server, acted === null ? Math.max(due, now + bounds.sweepSomeMs) : now + bounds.sweepFewMs)
  return { kind: 'again', due, error: message }
}
