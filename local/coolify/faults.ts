import type { Exchange } from './answer.ts'

/** Every kind strikes a request with its own probability; at most one strikes. */
export const FAULT_KINDS = [
  'latency', 'dropBefore', 'dropAfter', 'reset', 'blackHole', 'halfBody', 'garbage', 'wrongType', 'status429',
  'status500Before', 'status500After', 'status502', 'status503', 'staleList', 'emptyList', 'lateCommit', 'duplicate',
] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

/** `refused`: nobody listens. `hang`: the answer comes late or never; both are modes, not kinds. */
export type Fault = {
  kind: FaultKind | 'refused' | 'hang'
  /** How late an answer or a commit is. */
  ms: number
  /** Whether the effect happens now. */
  commits: boolean
  /** The connection does not bring a whole answer in the usual time. */
  breaks: boolean
}

/** What the modes act on. */
export type FaultTarget = { now(): number; restart(): void; freeze(on: boolean): void }

const latencyMsMax = 2_000
const lateMsMin = 500
const lateMsMax = 20_000
/** Only status lists are ever stale or empty: the rest is read from the database. */
export const statusList = /^\/api\/v1\/(servers\/[^/]+\/resources|services|resources)$/

const without: readonly Fault['kind'][] = [
  'refused', 'dropBefore', 'blackHole', 'lateCommit', 'status429', 'status500Before', 'status503',
]
const breaking: readonly Fault['kind'][] = [
  'refused', 'hang', 'latency', 'dropBefore', 'dropAfter', 'reset', 'blackHole', 'halfBody', 'lateCommit',
]

/** The switchboard of everything that can go wrong between us and Coolify. */
export class Faults {
  readonly #random: () => number
  readonly #share = new Map<FaultKind, number>()
  #target: FaultTarget | null = null
  #outageUntil = -Infinity
  #hangMs = 0

  /** @param random the same seed gives the same faults */
  constructor(random: () => number) {
    this.#random = random
  }

  /** Done by the Coolify that they belong to. */
  attach(target: FaultTarget): void {
    this.#target = target
  }

  /** @param probability 0 to 1 per request @throws RangeError for another number */
  set(kind: FaultKind, probability: number): void {
    if (!(probability >= 0 && probability <= 1)) throw new RangeError(`${kind}: ${probability} is no probability`)
    if (probability === 0) this.#share.delete(kind)
    else this.#share.set(kind, probability)
  }

  /** All kinds and modes off; what was frozen goes on, what was lost stays lost. */
  reset(): void {
    this.#share.clear()
    this.#outageUntil = -Infinity
    this.#hangMs = 0
    this.#target?.freeze(false)
  }

  /** Nobody listens for that time. */
  outage(ms: number): void {
    this.#outageUntil = this.#use().now() + ms
  }

  /** An outage is on. */
  get down(): boolean {
    return this.#target !== null && this.#target.now() < this.#outageUntil
  }

  /** Every request is served at once and answered that much later; 0 ends it. */
  hang(ms: number): void {
    this.#hangMs = ms
  }

  /** Coolify restarts: its queue is lost, and what was starting stays `starting` until a stop. */
  restart(): void {
    this.#use().restart()
  }

  /** The queue stands still: no job runs and no status is written, until `freeze(false)`. */
  freeze(on = true): void {
    this.#use().freeze(on)
  }

  /** What strikes this request; null = nothing. */
  decide({ method, path }: Pick<Exchange, 'method' | 'path'>): Fault | null {
    if (this.down) return this.#make('refused', 0)
    if (this.#hangMs > 0) return this.#make('hang', this.#hangMs)
    if (this.#share.size === 0) return null
    let left = this.#random()
    for (const [kind, share] of this.#share) {
      left -= share
      if (left < 0) return applies(kind, method, path) ? this.#make(kind, this.#msOf(kind)) : null
    }
    return null
  }

  #msOf(kind: FaultKind): number {
    if (kind === 'latency') return Math.round(this.#random() * latencyMsMax)
    return kind === 'lateCommit' ? Math.round(lateMsMin + this.#random() * (lateMsMax - lateMsMin)) : 0
  }

  #make(kind: Fault['kind'], ms: number): Fault {
    // A reset and a bad gateway leave it open whether the request got through.
    const open = kind === 'reset' || kind === 'status502'
    const commits = open ? this.#random() < 0.5 : !without.includes(kind)
    return { kind, ms, commits, breaks: breaking.includes(kind) }
  }

  #use(): FaultTarget {
    if (this.#target === null) throw new Error('these faults belong to no Coolify yet')
    return this.#target
  }
}

function applies(kind: FaultKind, method: string, path: string): boolean {
  if (kind === 'staleList' || kind === 'emptyList') return method === 'GET' && statusList.test(path)
  // A read changes nothing, so neither a late nor a second one would be seen.
  return kind === 'lateCommit' || kind === 'duplicate' ? method !== 'GET' : true
}
