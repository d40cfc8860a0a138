import type { Answer, Exchange } from './answer.ts'
import type { Fault } from './faults.ts'
import type { Entry } from './journal.ts'
import type { Inside, Server } from './inside.ts'
import type { Runner } from './runner.ts'
import type { Snapshot } from './tables.ts'
import type { Token } from './gate.ts'
import { json, targetOf, text } from './answer.ts'
import { Faults } from './faults.ts'
import { foreignService } from './foreign.ts'
import { Gate } from './gate.ts'
import { Journal } from './journal.ts'
import { Limiter } from './limiter.ts'
import { Queue } from './queue.ts'
import { routeOf } from './routing.ts'
import { SeenRow } from './seen-row.ts'
import { forceMsDefault, Sentinel } from './sentinel.ts'
import { runnerService } from './service-files.ts'
import { spoiled } from './spoiled.ts'
import { StaleLists } from './stale-lists.ts'
import { Tables } from './tables.ts'
import { Worker } from './worker.ts'

export type Options = {
  now: () => number
  /** Uuids come from it: the same seed gives the same history. */
  random: () => number
  servers: { uuid: string; name: string; ip?: string }[]
  tokens: Token[]
  runner: Runner
  version?: string
  rateLimitPerMinute?: number
  /** The interval of status pushes. */
  statusLagMs?: number
  /** An unchanged push is processed again only after this time (SENTINEL_PUSH_FORCE_INTERVAL_SECONDS). */
  statusForceMs?: number
  /** How long a `compose up` takes, pulls included. */
  startMs?: number
  stopMs?: number
  /** How long a job lies in the queue when a worker is free. */
  pickMs?: number
  workers?: number
  apiEnabled?: boolean
  faults?: Faults
}

/** What came of one request: an answer, or how the connection ended and the answer that was made, if any. */
export type Handled = Answer | { fault: Fault; answer: Answer | null }

const defaults = {
  version: '4.3.23', rateLimitPerMinute: 200, statusLagMs: 60_000, statusForceMs: forceMsDefault,
  startMs: 3_000, stopMs: 400, pickMs: 100, workers: 4, apiEnabled: true,
}

/**
 * Coolify's API and what stands behind it, on a clock that is given: synchronous and without a socket. Written
 * after the controllers of 4.2 to 4.3; `runner` is the host that the containers run on.
 */
export class Coolify {
  readonly faults: Faults
  readonly gate: Gate
  readonly sentinel: Sentinel
  /** The remote part of a delete fails unseen: the row goes, containers and volumes stay (coolify #11903). */
  swallowCleanup = false
  readonly #now: () => number
  readonly #tables: Tables
  readonly #queue: Queue
  readonly #worker: Worker
  readonly #inside: Inside
  readonly #journal = new Journal()
  readonly #stale = new StaleLists()
  #late: { at: number; exchange: Exchange }[] = []
  #frozen = false
  /** The instant up to which the queue and the pushes are worked off. */
  #at: number

  constructor(options: Options) {
    const { now, random, runner, servers, tokens, faults, ...rest } = options
    const set = { ...defaults, ...rest }
    this.#now = now
    this.#at = now()
    this.#tables = new Tables(random)
    this.#worker = new Worker({
      tables: this.#tables, runner, startMs: set.startMs, stopMs: set.stopMs,
      swallows: () => this.swallowCleanup, touched: () => this.sentinel.touch(),
    })
    this.#queue = new Queue({ work: this.#worker, workers: set.workers, pickMs: set.pickMs })
    const hosts: Server[] = servers.map(({ uuid, name, ip = '127.0.0.1' }) =>
      ({ id: this.#tables.id(), uuid, name, ip }))
    this.sentinel = new Sentinel({
      tables: this.#tables, runner, lagMs: set.statusLagMs, forceMs: set.statusForceMs, from: this.#at,
      servers: hosts.map(({ uuid }) => uuid),
    })
    runner.watch?.(() => this.sentinel.touch())
    this.gate = new Gate({ tokens, apiEnabled: set.apiEnabled, limiter: new Limiter(set.rateLimitPerMinute) })
    this.faults = faults ?? new Faults(random)
    this.faults.attach({ now, restart: () => this.restart(), freeze: (on) => this.freeze(on) })
    this.#inside = {
      tables: this.#tables, servers: hosts, queue: this.#queue, runner, sentinel: this.sentinel,
      version: set.version, now: () => this.#at,
    }
  }

  /** One HTTP exchange, with whatever fault strikes it. */
  handle(exchange: Exchange): Handled {
    this.tick()
    const fault = this.faults.decide(exchange)
    const handled = fault === null ? this.#serve(exchange) : this.#strike(exchange, fault)
    const answer = 'status' in handled ? handled : handled.answer
    this.#journal.add({
      at: this.#at, method: exchange.method, path: targetOf(exchange),
      status: answer?.status ?? null, fault: fault?.kind ?? '',
    })
    return handled
  }

  /** Works off the queue, the status pushes and late commits up to now, in the order of their instants. */
  tick(): void {
    const until = this.#now()
    const { runner } = this.#inside
    runner.pretend?.(this.#at)
    for (;;) {
      const late = this.#late[0]?.at ?? Infinity
      const job = this.#frozen ? Infinity : this.#queue.nextAt()
      const push = this.#frozen ? Infinity : this.sentinel.nextAt()
      const next = Math.min(late, job, push)
      if (next > until) break
      this.#at = Math.max(this.#at, next)
      runner.pretend?.(this.#at)
      if (late === next) this.#commitLate()
      else if (job === next) this.#queue.run(this.#at)
      else this.sentinel.push(next)
    }
    this.#at = Math.max(this.#at, until)
    this.sentinel.passed(this.#at)
    runner.pretend?.(null)
  }

  /** Coolify restarts: the queue is lost, and what was starting stays so until a stop. */
  restart(): void {
    this.tick()
    this.#queue.lose()
    this.#late = []
  }

  /** The queue stands still, so no status changes either. */
  freeze(on: boolean): void {
    this.tick()
    if (this.#frozen && !on) this.sentinel.touch()
    this.#frozen = on
  }

  /** Every service in the database, oldest first. */
  services(): SeenRow[] {
    return [...this.#tables.services.values()].map((row) => new SeenRow(this.#inside, row))
  }

  /** Named volumes on the host and the service that each was made for, whether its row is there or not. */
  volumes(): { name: string; service: string }[] {
    return [...this.#worker.volumes].map(([name, service]) => ({ name, service }))
  }

  /** Services whose containers are on the host and whose row is gone. */
  orphans(): string[] {
    return [...this.#worker.containers].filter((uuid) => !this.#tables.services.has(uuid))
  }

  /** Every request and what became of it, oldest first. */
  get journal(): readonly Entry[] {
    return this.#journal.entries
  }

  /** Counts changes of the database. */
  get revision(): number {
    return this.#tables.revision
  }

  /** Nothing waits in the queue and nothing runs in it. */
  get idle(): boolean {
    return !this.#queue.busy && this.#late.length === 0
  }

  /** Somebody else's service, running. @returns its uuid */
  plantForeign(name: string): string {
    const row = foreignService(this.#inside, name, this.#now())
    this.#tables.services.set(row.uuid, row)
    this.#worker.bringUp(runnerService(row))
    return row.uuid
  }

  /** Somebody deletes the service in Coolify's own pages, with everything that belongs to it. */
  handDelete(uuid: string): void {
    this.#worker.erase(uuid, true)
    this.#tables.services.delete(uuid)
    this.#tables.revision++
  }

  /** Somebody removes the containers on the host; the database learns it with a push. */
  handStop(uuid: string): void {
    this.#worker.takeDown(uuid)
  }

  /** The service that answers for a host name (no port), as Coolify's proxy is told; null when there is none. */
  serviceOf(host: string): string | null {
    for (const { uuid, applications } of this.#tables.services.values()) {
      for (const { fqdn } of applications) {
        const named = (fqdn ?? '').split(',').some((url) => /^https?:\/\/([^/:]+)/i.exec(url)?.[1] === host)
        if (named) return uuid
      }
    }
    return null
  }

  snapshot(): Snapshot {
    return this.#tables.snapshot()
  }

  /** Takes over what an earlier run saved, and starts again what ran then. */
  restore(snapshot: Snapshot): void {
    this.#tables.restore(snapshot)
    for (const row of this.#tables.services.values()) {
      for (const { name } of row.volumes) this.#worker.volumes.set(name, row.uuid)
      const up = row.up || row.activity === 'running'
      if (row.activity === 'running') row.activity = 'finished'
      for (const application of row.applications) application.status = 'exited'
      if (up && row.document !== null) this.#worker.bringUp(runnerService(row))
    }
  }

  #strike(exchange: Exchange, fault: Fault): Handled {
    const { kind } = fault
    if (kind === 'lateCommit') {
      this.#late.push({ at: this.#at + fault.ms, exchange })
      this.#late.sort((one, other) => one.at - other.at)
    }
    if (kind === 'duplicate') this.#serve(exchange)
    const answer = fault.commits ? this.#serve(exchange) : null
    if (fault.breaks) return { fault, answer }
    if (kind === 'staleList') return this.#stale.oldest(exchange.path, this.#at) ?? answer ?? text(200, '')
    return spoiled(kind, answer)
  }

  #serve(exchange: Exchange): Answer {
    const found = routeOf(exchange.method, exchange.path)
    if (found === null) {
      if (exchange.path === '/api/health') return text(200, 'OK')
      return json(404, { message: 'Not found.', docs: 'https://coolify.io/docs' })
    }
    const { route, params } = found
    if (route.ability === null) return route.run(this.#inside, { exchange, params, sees: false })
    const { refused, headers, sees } = this.gate.pass(exchange, route.ability, this.#at)
    if (refused !== null) return { ...refused, headers: { ...headers, ...refused.headers } }
    const answer = route.run(this.#inside, { exchange, params, sees })
    const whole = { ...answer, headers: { ...headers, ...answer.headers } }
    if (route.method === 'GET') this.#stale.keep(exchange.path, whole, this.#at)
    return whole
  }

  #commitLate(): void {
    const late = this.#late.shift()
    if (late !== undefined) this.#serve(late.exchange)
  }
}
