import type { Action } from './plan.ts'
import type { Outcome, Platform } from './ports.ts'
import type { FleetPorts, Held } from './store.ts'
import { reasonOf } from './reason.ts'
import { finalise, remove, run, stop } from './command.ts'
import { adopt, create, update } from './provision.ts'
import { retryDelayMs } from './retry.ts'

/**
 * What an act came to. `done`: the platform took it. `instead`: it did not come to that, and this is
 * how the bot stands now. `gone`: the service is proven absent, decide again. `finalised`: nothing is left.
 */
export type Acted =
  | { kind: 'done' }
  | { kind: 'instead'; action: Action; message: string }
  | { kind: 'gone' }
  | { kind: 'finalised' }

/** What every act has at hand. `attempts`: how often in a row turns on this bot came to nothing. */
export type Acting = { ports: FleetPorts; held: Held; platform: Platform; attempts: number }

export const done: Acted = { kind: 'done' }
export type Failed = Exclude<Outcome<unknown>, { kind: 'ok' } | { kind: 'gone' }>

/** Carries out one action: mark what is about to happen, call, write down what came of it. */
export function act(acting: Acting, action: Action): Acted {
  const { held } = acting
  switch (action.do) {
    case 'create': return held.spec === null ? broken(held) : create(acting, held.spec)
    case 'adopt': return adopt(acting, action.uuid)
    case 'update': return held.spec === null ? broken(held) : update(acting, held.spec)
    case 'start': case 'restart': return run(acting, action.do)
    case 'stop': return stop(acting)
    case 'remove': return remove(acting, action.uuid)
    case 'finalise': return finalise(acting)
    default: return done
  }
}

export function instead(action: Action, message = ''): Acted {
  return { kind: 'instead', action, message }
}

function broken(held: Held): Acted {
  return instead({ do: 'fail', why: held.trouble?.code ?? 'template_broken' }, held.trouble?.message ?? '')
}

/**
 * How the bot stands after a call that did not bring what was asked. Calls without a clear answer are
 * looked at again after a growing pause, so that a platform that always fails is not asked all day.
 */
export function failed(acting: Acting, outcome: Failed): Acted {
  const { ports, attempts } = acting
  const now = ports.now()
  if (outcome.kind === 'refused') return instead({ do: 'fail', why: reasonOf(outcome.code, 'platform_refused') }, outcome.message)
  if (outcome.kind === 'unknown') {
    return instead({ do: 'wait', why: 'answer_lost', untilMs: now + retryDelayMs(attempts, ports.random()) }, outcome.message)
  }
  const spreadMs = Math.round(ports.random() * outcome.retryMs)
  return instead({ do: 'wait', why: reasonOf(outcome.code, 'platform_unreachable'), untilMs: now + outcome.retryMs + spreadMs }, outcome.message)
}
