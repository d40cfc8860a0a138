/**
 * The call budget and the circuit breaker of one connection: four numbers, kept by the caller between calls.
 * All zero is a fresh connection: a full bucket and a closed breaker.
 */
export type CallState = {
  /** What is left in the bucket, in sixty-thousandths of a call: whole numbers, so rounding adds no call. */
  tokens: number
  /** When the bucket was last filled up, epoch ms. */
  tokensAt: number
  /** Transport failures in a row. */
  failures: number
  /** Until when the breaker holds calls back, epoch ms; 0 = closed. A probe that is out sets it anew. */
  openUntil: number
}

/** `read`: a look at the platform. `mutation`: anything that changes something there. */
export type CallKind = 'read' | 'mutation'

export type Admission = {
  allow: boolean
  /** How long to wait before asking again; 0 when allowed. */
  waitMs: number
  /** To be kept, whether the call is allowed or not. */
  state: CallState
}

/** Coolify allows 200 calls per minute and user; people and other tools need some of them. */
export const callsPerMinuteMax = 150
/** Burst and refill together are the most that any 60 s can hold. */
export const callBurst = 12
export const callRefillPerMinute = callsPerMinuteMax - callBurst
/** Part of the bucket, in per cent, that only mutations may use. */
export const mutationReservePercent = 30
/** Behind a full queue of mutations the reads would starve: one slice of each round is theirs. */
export const roundMs = 10_000
export const readSliceMs = 2_000
export const breakerFailuresMax = 5
export const breakerOpenMs = 30_000

const oneCall = 60_000

type Bucket = { max: number; reserve: number; refillPerMinute: number }

/** The bucket for a limit per minute: the same share of it is burst, whatever the limit. */
function bucketOf(perMinute: number): Bucket {
  const burst = Math.max(1, Math.round((perMinute * callBurst) / callsPerMinuteMax))
  const max = burst * oneCall
  return { max, reserve: (max * mutationReservePercent) / 100, refillPerMinute: perMinute - burst }
}

/**
 * Decides whether a call may be sent now, and takes it off the budget if so. Any 60 s see at most
 * `callsPerMinuteMax` allowed calls. An open breaker lets nothing pass; after `breakerOpenMs` one call
 * probes, and while it is out the others keep waiting.
 * @param now epoch ms; a clock that went back delays the refill and nothing else
 * @param perMinute the limit, for a Coolify of our own whose API_RATE_LIMIT was raised; at least 2
 */
export function admitCall(state: CallState, kind: CallKind, now: number, perMinute = callsPerMinuteMax): Admission {
  const bucket = bucketOf(perMinute)
  const filled = refill(state, now, bucket)
  const blockedMs = blockedFor(state, now)
  if (blockedMs > 0) return { allow: false, waitMs: blockedMs, state: filled }
  const waitMs = budgetWaitMs(filled.tokens, kind, now, bucket)
  if (waitMs > 0) return { allow: false, waitMs, state: filled }
  const openUntil = state.failures >= breakerFailuresMax ? now + breakerOpenMs : filled.openUntil
  return { allow: true, waitMs: 0, state: { ...filled, tokens: filled.tokens - oneCall, openUntil } }
}

/**
 * Takes note of how an admitted call went. Any answer closes the breaker; a failure counts, and the last one
 * that is tolerated opens it. Failures of calls that were already under way do not make the wait longer.
 */
export function settleCall(state: CallState, result: 'ok' | 'transport_failure', now: number): CallState {
  if (result === 'ok') return { ...state, failures: 0, openUntil: 0 }
  const failures = Math.min(state.failures + 1, breakerFailuresMax)
  if (failures < breakerFailuresMax) return { ...state, failures }
  return { ...state, failures, openUntil: blockedFor(state, now) > 0 ? state.openUntil : now + breakerOpenMs }
}

function refill(state: CallState, now: number, bucket: Bucket): CallState {
  const passedMs = Math.max(0, now - state.tokensAt)
  const tokens = Math.min(bucket.max, Math.max(0, state.tokens) + passedMs * bucket.refillPerMinute)
  return { ...state, tokens, tokensAt: now }
}

/** An instant further away than the breaker waits comes from a clock that went back: it blocks nothing. */
function blockedFor(state: CallState, now: number): number {
  const leftMs = state.openUntil - now
  return leftMs > 0 && leftMs <= breakerOpenMs ? leftMs : 0
}

/**
 * Reads leave the reserve alone, except in their slice of a round; mutations may use everything, except that
 * in that slice they wait while the bucket is down to the reserve.
 */
function budgetWaitMs(tokens: number, kind: CallKind, now: number, bucket: Bucket): number {
  const phase = ((now % roundMs) + roundMs) % roundMs
  const inSlice = phase < readSliceMs
  const plain = untilFilled(tokens, oneCall, bucket)
  const above = untilFilled(tokens, bucket.reserve + oneCall, bucket)
  if (above === 0) return 0
  if (kind === 'mutation') return inSlice ? Math.min(above, Math.max(plain, readSliceMs - phase)) : plain
  return inSlice ? plain : Math.min(above, roundMs - phase)
}

function untilFilled(tokens: number, wanted: number, bucket: Bucket): number {
  return Math.max(0, Math.ceil((wanted - tokens) / bucket.refillPerMinute))
}
