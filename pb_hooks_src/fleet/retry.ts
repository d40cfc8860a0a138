import type { Action } from './plan.ts'
import * as bounds from './bounds.ts'

/**
 * When a bot's work is due again after a turn that decided `action`.
 * An act is followed by the next turn at once; rest is re-checked slowly (sweeps wake a bot that changed).
 * @param random a number in [0, 1), for jitter of a fifth
 */
export function dueAfter(action: Action, now: number, random: number): number {
  switch (action.do) {
    case 'wait': return Math.max(action.untilMs, now + 200)
    case 'idle': return now + jitter(bounds.idleRecheckMs, random)
    case 'fail': return now + jitter(bounds.failedRecheckMs, random)
    case 'remove': case 'stop': case 'start': case 'restart': return now + bounds.lookAgainMs
    default: return now
  }
}

/**
 * Exponential back-off with full jitter between 2 s and 5 min.
 * @param attempt 1 for the first failure
 */
export function retryDelayMs(attempt: number, random: number): number {
  const ceiling = Math.min(bounds.retryDelayMsMax, bounds.retryDelayMsMin * 2 ** Math.min(attempt - 1, 10))
  return Math.round(bounds.retryDelayMsMin + (ceiling - bounds.retryDelayMsMin) * random)
}

/** Takes up to a fifth off, so that many bots do not come due together. */
export function jitter(ms: number, random: number): number {
  return Math.round(ms * (1 - random / 5))
}
