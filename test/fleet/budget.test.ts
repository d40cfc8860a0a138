import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CallKind, CallState } from '../../pb_hooks_src/fleet/budget.ts'
import {
  admitCall, breakerFailuresMax, breakerOpenMs, callBurst, callRefillPerMinute, callsPerMinuteMax,
  mutationReservePercent, readSliceMs, roundMs, settleCall,
} from '../../pb_hooks_src/fleet/budget.ts'

const fresh: CallState = { tokens: 0, tokensAt: 0, failures: 0, openUntil: 0 }
const minute = 60_000
/** The start of a round, outside of which the reads' slice lies `readSliceMs` later. */
const roundStart = 1_700_000_000_000
const afterSlice = roundStart + readSliceMs

/** Sends as many calls of a kind as are allowed at once. */
function drain(state: CallState, kind: CallKind, now: number): { state: CallState; sent: number } {
  let sent = 0
  for (;;) {
    const admitted = admitCall(state, kind, now)
    state = admitted.state
    if (!admitted.allow) return { state, sent }
    sent++
    if (sent > 1000) throw new Error('no end')
  }
}

/** Fails until the breaker opens. */
function broken(now: number): CallState {
  let state = fresh
  for (let i = 0; i < breakerFailuresMax; i++) {
    state = settleCall(admitCall(state, 'read', now).state, 'transport_failure', now)
  }
  return state
}

describe('the budget', () => {
  test('a fresh connection may send its burst, and reads leave the reserve to mutations', () => {
    const reads = drain(fresh, 'read', afterSlice)
    expect(reads.sent).toBe(Math.floor((callBurst * (100 - mutationReservePercent)) / 100))
    expect(drain(reads.state, 'mutation', afterSlice).sent).toBe(callBurst - reads.sent)
    expect(drain(fresh, 'mutation', afterSlice).sent).toBe(callBurst)
  })

  test('a held-back call passes after exactly the wait it was told, and not a millisecond earlier', () => {
    const { state } = drain(fresh, 'mutation', afterSlice)
    const { waitMs } = admitCall(state, 'mutation', afterSlice)
    expect(waitMs).toBe(Math.ceil(minute / callRefillPerMinute))
    expect(admitCall(state, 'mutation', afterSlice + waitMs - 1).allow).toBe(false)
    expect(admitCall(state, 'mutation', afterSlice + waitMs).allow).toBe(true)
  })

  test('a clock that goes back neither refills nor blocks', () => {
    const { state } = drain(fresh, 'mutation', afterSlice)
    const back = admitCall(state, 'mutation', afterSlice - 3_600_000)
    expect(back.allow).toBe(false)
    expect(admitCall(back.state, 'mutation', afterSlice - 3_600_000 + 5_000).allow).toBe(true)
    expect(admitCall(broken(afterSlice), 'mutation', afterSlice - 3_600_000).allow).toBe(true)
  })

  test('a state that came back from the database as rows of numbers goes on where it was', () => {
    const { state } = drain(fresh, 'mutation', afterSlice)
    const reread = JSON.parse(JSON.stringify(state)) as CallState
    const later = afterSlice + 100
    expect(admitCall(reread, 'mutation', later)).toEqual(admitCall(state, 'mutation', later))
    expect(Object.values(reread).every(Number.isSafeInteger)).toBe(true)
  })

  test('whatever is asked and when, no 60 s hold more than the maximum', () => {
    const step = fc.record({
      kind: fc.constantFrom<CallKind>('read', 'mutation'),
      passMs: fc.oneof(fc.constant(0), fc.nat(30), fc.nat(700), fc.nat(20_000)),
      times: fc.nat(40),
    })
    fc.assert(fc.property(fc.array(step, { maxLength: 120 }), fc.nat(roundMs), (steps, offset) => {
      const allowed: number[] = []
      let state = fresh
      let now = roundStart + offset
      for (const { kind, passMs, times } of steps) {
        now += passMs
        for (let i = 0; i <= times; i++) {
          const admitted = admitCall(state, kind, now)
          state = admitted.state
          if (!admitted.allow) break
          allowed.push(now)
        }
      }
      const after = allowed.slice(callsPerMinuteMax)
      after.forEach((at, i) => expect(at - (allowed[i] as number)).toBeGreaterThan(minute))
    }), { numRuns: 300 })
  })

  test('the bound is tight: a greedy caller gets the whole maximum in some 60 s, and never one more', () => {
    const allowed: number[] = []
    let state = fresh
    for (let now = afterSlice; now < afterSlice + 4 * minute; now++) {
      for (const kind of ['read', 'mutation'] as const) {
        const admitted = admitCall(state, kind, now)
        state = admitted.state
        if (admitted.allow) allowed.push(now)
      }
    }
    const within = (from: number): number => allowed.filter((at) => at >= from && at <= from + minute).length
    const most = Math.max(...allowed.map(within))
    expect(most).toBe(callsPerMinuteMax)
    expect(allowed.length).toBeGreaterThan(callRefillPerMinute * 4)
  })

  test('neither kind starves the other: each gets its share while the other takes all it can', () => {
    const sent = { read: 0, mutation: 0 }
    const waits: number[] = []
    let state = fresh
    let lastRead = afterSlice
    for (let now = afterSlice; now < afterSlice + 5 * minute; now += 5) {
      for (const kind of ['mutation', 'read'] as const) {
        const admitted = admitCall(state, kind, now)
        state = admitted.state
        if (!admitted.allow) continue
        sent[kind]++
        if (kind === 'read') waits.push(now - lastRead)
        if (kind === 'read') lastRead = now
      }
    }
    expect(sent.read / 5).toBeGreaterThanOrEqual(15)
    expect(sent.mutation / 5).toBeGreaterThanOrEqual(callRefillPerMinute * 0.7)
    expect(Math.max(...waits)).toBeLessThanOrEqual(roundMs)
  })

  test('a full bucket keeps nobody waiting, in no part of a round', () => {
    for (let now = roundStart; now < roundStart + roundMs; now += 250) {
      expect(admitCall(fresh, 'mutation', now).allow).toBe(true)
      expect(admitCall(fresh, 'read', now).allow).toBe(true)
    }
  })
})

describe('the breaker', () => {
  test.each([
    ['four failures leave it closed', breakerFailuresMax - 1, true],
    ['the fifth in a row opens it', breakerFailuresMax, false],
  ])('%s', (_reason, failures, allow) => {
    let state = fresh
    for (let i = 0; i < failures; i++) state = settleCall(state, 'transport_failure', afterSlice)
    expect(admitCall(state, 'mutation', afterSlice + 1).allow).toBe(allow)
  })

  test('an answer in between starts the count anew', () => {
    let state = fresh
    for (let i = 0; i < breakerFailuresMax * 4; i++) {
      state = settleCall(state, i % 2 === 0 ? 'transport_failure' : 'ok', afterSlice)
    }
    expect(state).toMatchObject({ failures: 0, openUntil: 0 })
  })

  test('open for 30 s, then one probe; the others wait for it, and its success closes', () => {
    const open = broken(afterSlice)
    expect(admitCall(open, 'read', afterSlice)).toMatchObject({ allow: false, waitMs: breakerOpenMs })
    const later = afterSlice + breakerOpenMs
    expect(admitCall(open, 'read', later - 1)).toMatchObject({ allow: false, waitMs: 1 })
    const probe = admitCall(open, 'read', later)
    expect(probe.allow).toBe(true)
    expect(admitCall(probe.state, 'mutation', later + 5)).toMatchObject({ allow: false, waitMs: breakerOpenMs - 5 })
    const closed = settleCall(probe.state, 'ok', later + 10)
    expect(admitCall(closed, 'mutation', later + 10).allow).toBe(true)
  })

  test('a failed probe opens again for one more round, and stragglers do not make it longer', () => {
    const later = afterSlice + breakerOpenMs
    const probe = admitCall(broken(afterSlice), 'read', later)
    let state = settleCall(probe.state, 'transport_failure', later + 20_000)
    for (let i = 0; i < 6; i++) state = settleCall(state, 'transport_failure', later + 21_000 + i)
    expect(admitCall(state, 'read', later + breakerOpenMs - 1).allow).toBe(false)
    expect(admitCall(state, 'read', later + breakerOpenMs).allow).toBe(true)
  })

  test('a probe that never reports back is followed by another one', () => {
    const later = afterSlice + breakerOpenMs
    const probe = admitCall(broken(afterSlice), 'read', later)
    expect(admitCall(probe.state, 'read', later + breakerOpenMs).allow).toBe(true)
  })

  test('a three hour outage costs one call in 30 s', () => {
    let state = broken(afterSlice)
    let calls = 0
    for (let now = afterSlice; now < afterSlice + 3 * 60 * minute; now += 250) {
      const admitted = admitCall(state, 'mutation', now)
      state = admitted.allow ? settleCall(admitted.state, 'transport_failure', now) : admitted.state
      if (admitted.allow) calls++
    }
    expect(calls).toBeGreaterThan(300)
    expect(calls).toBeLessThanOrEqual((3 * 60 * minute) / breakerOpenMs)
  })
})
