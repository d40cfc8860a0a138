import type { Acted, Acting } from './act.ts'
import type { Outcome } from './ports.ts'
import type { Marks } from './store.ts'
import { done, failed, instead } from './act.ts'
import { environmentName } from './gather.ts'
import * as bounds from './bounds.ts'

/** Start or restart, if one more may be in flight on the connection. A repeat for the same reason is counted. */
export function run(acting: Acting, verb: 'start' | 'restart'): Acted {
  const { ports, held, platform } = acting
  const { bot } = held
  const now = ports.now()
  const again = bot.command === verb && bot.commandHash === bot.wantedHash && bot.commandGeneration >= bot.actionGeneration
  const marks: Marks = {
    command: verb, commandAt: now, commandAcked: false, commandHash: bot.wantedHash,
    commandGeneration: bot.generation, repeats: again && bot.commandAcked ? bot.repeats + 1 : bot.repeats, misses: 0,
  }
  if (!ports.bots.claimStart(held, marks, ports.startsInFlightMax, now)) {
    return instead({ do: 'wait', why: 'waiting_for_slot', untilMs: now + bounds.lookAgainMs })
  }
  const asked = verb === 'start' ? platform.start(bot.serviceUuid) : platform.restart(bot.serviceUuid)
  return commanded(acting, asked)
}

export function stop(acting: Acting): Acted {
  const { ports, held, platform } = acting
  ports.bots.mark(held.bot.id, { command: 'stop', commandAt: ports.now(), commandAcked: false, misses: 0 })
  return commanded(acting, platform.stop(held.bot.serviceUuid))
}

/** Writes down whether the platform took a command; one that certainly never happened is taken back. */
function commanded(acting: Acting, asked: Outcome<unknown>): Acted {
  const { ports, held: { bot } } = acting
  if (asked.kind === 'ok') {
    ports.bots.mark(bot.id, { commandAcked: true })
    return done
  }
  if (asked.kind === 'unknown') return failed(acting, asked)
  ports.bots.mark(bot.id, {
    command: bot.command, commandAt: bot.commandAt, commandAcked: bot.commandAcked,
    commandHash: bot.commandHash, commandGeneration: bot.commandGeneration, repeats: bot.repeats,
  })
  return asked.kind === 'gone' ? { kind: 'gone' } : failed(acting, asked)
}

/** Deletes the bot's own service, or another one that was found under its name. */
export function remove(acting: Acting, uuid: string): Acted {
  const { ports, held, platform } = acting
  if (uuid !== held.bot.serviceUuid) {
    const twin = platform.remove(uuid)
    return twin.kind === 'ok' || twin.kind === 'gone' ? done : failed(acting, twin)
  }
  ports.bots.mark(held.bot.id, { command: 'remove', commandAt: ports.now(), commandAcked: false })
  const asked = platform.remove(uuid)
  return asked.kind === 'gone' ? { kind: 'gone' } : commanded(acting, asked)
}

/**
 * Nothing of the bot is left: its environment goes, then its row. An environment that still holds something
 * (a create that landed late) makes the bot be looked up by name again.
 */
export function finalise(acting: Acting): Acted {
  const { ports, held, platform } = acting
  const { bot } = held
  const touched = bot.triedAt !== 0 || bot.serviceUuid !== '' || held.home !== ''
  const inside = held.home !== '' ? held.home : held.project
  if (touched && inside !== '') {
    const cleared = platform.removeEnvironment(inside, environmentName(bot.id))
    if (cleared.kind === 'wait' && cleared.code === 'platform_still_deleting') {
      ports.bots.mark(bot.id, { serviceUuid: '', triedAt: ports.now() - bounds.createSettleMs, command: '' })
    }
    if (cleared.kind !== 'ok' && cleared.kind !== 'gone') return failed(acting, cleared)
  }
  ports.bots.finalise(bot.id)
  return { kind: 'finalised' }
}
