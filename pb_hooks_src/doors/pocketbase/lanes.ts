import type { Work } from '../../work/queue.ts'
import type { Turn } from '../../fleet/store.ts'
import { bootKey, busyKey, laneKey, laneLifeMsMax, lanesCount, peekMs, pokeKey, pokeLookMs, stopKey } from '../../work/queue.ts'
import { retryDelayMs } from '../../fleet/retry.ts'
import { anyDue, claim, poke, settle } from './work.ts'

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
  const mine = () => store.get(laneKey(number)) === name && store.get(stopKey) !== true
  let poked = ''
  // The lanes take turns at looking into the table, one a second; who finds something wakes the others.
  let peekAt = Date.now() + (number - 1) * peekMs
  while (mine() && Date.now() < leaveAt) {
    const pokes = String(store.get(pokeKey) ?? '')
    const peeks = Date.now() >= peekAt
    if (pokes !== poked || peeks) {
      if (peeks) peekAt = Date.now() + lanesCount * peekMs
      poked = pokes
      if (peeks && anyDue(app, Date.now())) poke(app)
      while (mine() && oneTurn(app, number, owner, turn)) continue
    }
    rest(app, poked)
  }
}

/** Sleeps until the next poke, a quarter of a second at most: whose lane it is need not be asked more often. */
function rest(app: PbApp, poked: string): void {
  for (let look = 0; look < looksPerRest; look++) {
    sleep(pokeLookMs)
    if (String(app.store().get(pokeKey) ?? '') !== poked) return
  }
}
const looksPerRest = 5

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
