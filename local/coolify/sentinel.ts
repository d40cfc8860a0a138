import type { Tables } from './tables.ts'
import type { Runner } from './runner.ts'
import { containerStatus } from './status.ts'

type Watched = { uuid: string; reachable: boolean; hash: string; ranAt: number }

/** SENTINEL_PUSH_FORCE_INTERVAL_SECONDS: an unchanged push is processed again only after this time. */
export const forceMsDefault = 300_000

/**
 * The agent of each server that pushes what runs there. A push is processed only when the hash of names and
 * states changed, or after the force interval: a change of health alone can stay unseen that long, and so can an `exited`
 * that a restart wrote.
 */
export class Sentinel {
  readonly #tables: Tables
  readonly #runner: Runner
  readonly #lagMs: number
  readonly #forceMs: number
  readonly #servers: Watched[]
  readonly #from: number
  #pushedAt: number
  #touched = true

  constructor(parts: { tables: Tables; runner: Runner; lagMs: number; servers: string[]; from: number; forceMs?: number }) {
    this.#tables = parts.tables
    this.#runner = parts.runner
    this.#lagMs = parts.lagMs
    this.#forceMs = parts.forceMs ?? forceMsDefault
    this.#from = this.#pushedAt = parts.from
    this.#servers = parts.servers.map((uuid) => ({ uuid, reachable: true, hash: '', ranAt: -Infinity }))
  }

  touch(): void {
    this.#touched = true
  }

  reachable(uuid: string): boolean {
    return this.#servers.find((server) => server.uuid === uuid)?.reachable ?? false
  }

  setReachable(uuid: string, reachable: boolean): void {
    for (const server of this.#servers) if (server.uuid === uuid) server.reachable = reachable
    this.#touched = true
  }

  /** Pushes up to that instant are over, whether they were done or left out as unchanged. */
  passed(at: number): void {
    this.#pushedAt = Math.max(this.#pushedAt, at)
  }

  /** The next push that can change anything; those between are as if they had been unchanged. */
  nextAt(): number {
    const soonest = this.#pushedAt + 1
    if (this.#touched || this.#runner.nextChange === undefined) return this.#slot(soonest)
    let next = this.#runner.nextChange()
    for (const { ranAt, reachable } of this.#servers) if (reachable) next = Math.min(next, ranAt + this.#forceMs)
    return next === Infinity ? Infinity : this.#slot(Math.max(soonest, next))
  }

  push(at: number): void {
    this.#pushedAt = at
    this.#touched = false
    for (const server of this.#servers) if (server.reachable) this.#pushServer(server, at)
  }

  #pushServer(server: Watched, at: number): void {
    const seen = new Map<string, string>()
    let hash = ''
    for (const row of this.#tables.services.values()) {
      if (row.server !== server.uuid || row.applications.length === 0) continue
      const state = this.#runner.state(row.uuid)
      if (state.state !== 'none') hash += `${row.uuid} ${state.state},`
      seen.set(row.uuid, containerStatus(state))
    }
    if (hash === server.hash && at - server.ranAt < this.#forceMs) return
    server.hash = hash
    server.ranAt = at
    for (const [uuid, status] of seen) this.#write(uuid, status, at)
  }

  /** Applications whose compose service is gone have no container, so they are `exited`. */
  #write(uuid: string, status: string, at: number): void {
    const row = this.#tables.services.get(uuid)
    const services = row?.document?.['services']
    for (const application of row?.applications ?? []) {
      const there = typeof services === 'object' && services !== null && application.name in services
      application.status = there ? status : 'exited'
      application.onlineAt = new Date(at).toISOString()
    }
  }

  #slot(at: number): number {
    return this.#from + Math.ceil((at - this.#from) / this.#lagMs) * this.#lagMs
  }
}
