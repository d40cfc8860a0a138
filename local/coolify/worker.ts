import type { ServiceRow } from './records.ts'
import type { Runner, RunnerService } from './runner.ts'
import type { Tables } from './tables.ts'
import type { Job, Work } from './queue.ts'
import { runnerService } from './service-files.ts'

type Parts = {
  tables: Tables
  runner: Runner
  startMs: number
  stopMs: number
  /** Remote clean-up fails without a word and the rows go all the same (since 4.3.10, coolify #11903). */
  swallows: () => boolean
  /** Something on the host has changed. */
  touched: () => void
}

/**
 * The jobs themselves. A stop or a delete does not end a `compose up` that is under way: its containers appear
 * afterwards, even when the row is gone by then.
 */
export class Worker implements Work {
  readonly #parts: Parts
  /** Volumes on the host: name to the service that made it. */
  readonly volumes = new Map<string, string>()
  /** What was brought up and not taken down. */
  readonly containers = new Set<string>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  begin(job: Job): ReturnType<Work['begin']> {
    const row = this.#parts.tables.services.get(job.uuid)
    if (row === undefined) return null
    this.#parts.tables.revision++
    if (job.kind === 'delete') return this.#delete(row, job.volumes)
    if (job.kind === 'stop') return this.#stop(row, null)
    if (job.kind === 'restart' && !job.pull) return this.#stop(row, { kind: 'start', uuid: row.uuid, pull: false })
    return this.#start(row)
  }

  /** `compose up`: what is started is what stood in the row when the job began. */
  #start(row: ServiceRow): ReturnType<Work['begin']> {
    if (row.document === null) return null
    const service = runnerService(row)
    row.activity = 'running'
    return { tookMs: this.#parts.startMs, end: () => {
      this.bringUp(service)
      if (row.activity === 'running') row.activity = 'finished'
      row.up = true
      this.#parts.tables.revision++
      return null
    } }
  }

  #stop(row: ServiceRow, next: Job | null): ReturnType<Work['begin']> {
    if (row.activity === 'running') row.activity = 'cancelled'
    this.takeDown(row.uuid)
    return { tookMs: this.#parts.stopMs, end: () => {
      for (const application of row.applications) application.status = 'exited'
      row.up = false
      this.#parts.tables.revision++
      return next
    } }
  }

  #delete(row: ServiceRow, volumes: boolean): ReturnType<Work['begin']> {
    if (row.activity === 'running') row.activity = 'cancelled'
    const swallowed = this.#parts.swallows()
    if (!swallowed) this.takeDown(row.uuid)
    return { tookMs: this.#parts.stopMs, end: () => {
      if (!swallowed) this.erase(row.uuid, volumes)
      this.#parts.tables.services.delete(row.uuid)
      this.#parts.tables.revision++
      return null
    } }
  }

  bringUp(service: RunnerService): void {
    this.#parts.runner.up(service)
    this.containers.add(service.uuid)
    for (const { name } of service.volumes) this.volumes.set(name, service.uuid)
    this.#parts.touched()
  }

  takeDown(uuid: string): void {
    this.#parts.runner.down(uuid)
    this.containers.delete(uuid)
    this.#parts.touched()
  }

  erase(uuid: string, volumes: boolean): void {
    this.#parts.runner.remove(uuid, { volumes })
    this.containers.delete(uuid)
    if (volumes) for (const [name, owner] of this.volumes) if (owner === uuid) this.volumes.delete(name)
    this.#parts.touched()
  }
}
