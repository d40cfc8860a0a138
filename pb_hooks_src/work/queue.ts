/** The queues of due keys. One mechanism for everything that happens later or again. */
export const QUEUES = ['fleet', 'sweep', 'logs', 'retention'] as const
export type Queue = (typeof QUEUES)[number]

/** A claimed piece of work. `revision` moves with every newer intent, `attempts` counts turns since the last good one. */
export type Work = { id: string; queue: Queue; key: string; tenant: string; attempts: number; revision: number }

/** The store numbers and words that lanes share within one process. */
export const pokeKey = 'work.poke'
export const bootKey = 'work.boot'
export const stopKey = 'work.stop'
export const laneKey = (lane: number): string => `work.lane.${lane}`
export const busyKey = (lane: number): string => `work.busy.${lane}`

export const lanesCount = 6
/**
 * Longer than all time-outs of one turn together (at most 16 calls of 20 s), so that no lease ends under a live
 * turn. Leases of a process that died are freed at the next boot, so a long one delays nothing.
 */
export const leaseMs = 600_000
export const pokeLookMs = 50
export const peekMs = 1000
/** A lane leaves when a newer tick took its name; this bounds a lane whose successor never comes. */
export const laneLifeMsMax = 150_000
/** Attempts without a good turn after which an operator should look. */
export const stuckAttemptsMin = 12

