/** What the worker does; `restart` without a pull is a stop and then a start by the same worker. */
export type Job =
  | { kind: 'start' | 'restart'; uuid: string; pull: boolean }
  | { kind: 'stop'; uuid: string }
  | { kind: 'delete'; uuid: string; volumes: boolean }

/** What a job does at its begin and at its end; `begin` answers how long it takes, null = nothing to do. */
export type Work = {
  begin(job: Job, at: number): { tookMs: number; end: (at: number) => Job | null } | null
}

type Active = { endsAt: number; end: (at: number) => Job | null }

/**
 * Coolify's job queue (Horizon): first in, first out, a few workers for everything, and no lock per service, so
 * two jobs of one service can run at once.
 */
export class Queue {
  readonly #work: Work
  readonly #workers: number
  readonly #pickMs: number
  #waiting: { job: Job; from: number }[] = []
  #active: Active[] = []

  constructor({ work, workers, pickMs }: { work: Work; workers: number; pickMs: number }) {
    this.#work = work
    this.#workers = workers
    this.#pickMs = pickMs
  }

  add(job: Job, at: number): void {
    this.#waiting.push({ job, from: at + this.#pickMs })
  }

  get busy(): boolean {
    return this.#waiting.length + this.#active.length > 0
  }

  /** The instant of the next thing to do; Infinity when there is none. */
  nextAt(): number {
    let next = this.#active.length < this.#workers ? (this.#waiting[0]?.from ?? Infinity) : Infinity
    for (const { endsAt } of this.#active) if (endsAt < next) next = endsAt
    return next
  }

  /** Does what is due at that instant. */
  run(at: number): void {
    const done = this.#active.filter(({ endsAt }) => endsAt <= at)
    this.#active = this.#active.filter(({ endsAt }) => endsAt > at)
    for (const { end } of done) {
      const next = end(at)
      if (next !== null) this.#begin(next, at)
    }
    while (this.#active.length < this.#workers) {
      const head = this.#waiting[0]
      if (head === undefined || head.from > at) return
      this.#waiting.shift()
      this.#begin(head.job, at)
    }
  }

  /** The queue's memory is lost; what was begun is never ended. */
  lose(): void {
    this.#waiting = []
    this.#active = []
  }

  #begin(job: Job, at: number): void {
    const begun = this.#work.begin(job, at)
    if (begun !== null) this.#active.push({ endsAt: at + begun.tookMs, end: begun.end })
  }
}
