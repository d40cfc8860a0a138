import type { Work } from '../../work/queue.ts'
import type { Turn } from '../../fleet/store.ts'
import { bootKey, busyKey, laneKey, laneLifeMsMax, lanesCount, peekMs, pokeKey, pokeLookMs, stopKey } from '../../work/queue.ts'
import { retryDelayMs } from '../../fleet/retry.ts'
import { anyDue, claim, settle } from './work.ts'

/** Does one turn on one claimed key. */
export type Turner = (app: PbApp, work: Work) => Turn

/**
 * One work lane, started by each tick of its cron line and left when the next tick has taken its name:
 * no gap, no double lane (facts: measured). It polls a number in the store for pokes and the table for
 * what became due by itself.
 */
export function lane(app: PbApp, number: number, turn: Turner): void {
  const store = app.store()
  const name = $security.randomString(12)
  const owner = `${String(store.get(bootKey) ?? 'none')}:${number}:${name}`
  store.set(laneKey(number), name)
  const leaveAt = Date.now() + laneLifeMsMax
  let poked = ''
  let peekAt = 0
  while (store.get(laneKey(number)) === name && store.get(stopKey) !== true && Date.now() < leaveAt) {
    const pokes = String(store.get(pokeKey) ?? '')
    if (pokes === poked && Date.now() < peekAt) {
      sleep(pokeLookMs)
      continue
    }
    poked = pokes
    peekAt = Date.now() + peekMs
    while (store.get(stopKey) !== true && store.get(laneKey(number)) === name && oneTurn(app, number, owner, turn)) peekAt = 0
  }
}

/** Claims and does one turn; an exception ends the turn, not the lane. False when nothing was due. */
function oneTurn(app: PbApp, number: number, owner: string, turn: Turner): boolean {
  const now = Date.now()
  if (!anyDue(app, now)) return false
  const work = claim(app, owner, now)
  if (work === null) return false
  app.store().set(busyKey(number), true)
  try {
    const result = turn(app, work)
    settle(app, work, owner, result, result.kind === 'done' || result.error === '')
  } catch (error) {
    const message = String((error as { message?: string }).message ?? error)
    app.logger().error('work turn failed', 'queue', work.queue, 'key', work.key, 'attempts', work.attempts, 'error', message.slice(0, 1000))
    settle(app, work, owner, { kind: 'again', due: Date.now() + retryDelayMs(work.attempts, Math.random()), error: message }, false)
  } finally {
    app.store().set(busyKey(number), false)
  }
  return true
}

/** PocketBase waits for nothing on SIGTERM: stop claiming, then give turns in flight up to 8 s. */
export function drain(app: PbApp): void {
  const waitMsMax = 8000
  app.store().set(stopKey, true)
  const until = Date.now() + waitMsMax
  const working = () => Array.from({ length: lanesCount }, (_, lane) => app.store().get(busyKey(lane + 1))).includes(true)
  while (working() && Date.now() < until) sleep(pokeLookMs)
}
