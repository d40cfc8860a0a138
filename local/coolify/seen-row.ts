import type { Inside } from './inside.ts'
import type { FileMount, ServiceRow, VolumeMount } from './records.ts'
import type { RunnerState } from './runner.ts'
import { writeDocument } from './compose.ts'
import { runnerService } from './service-files.ts'
import { serviceStatus } from './status.ts'

/**
 * A service as tests look at it: what the database says beside what is true. Everything is read when it is asked
 * for, because a simulation lists services thousands of times and looks at a few.
 */
export class SeenRow {
  readonly uuid: string
  readonly name: string
  readonly server: string
  readonly #inside: Inside
  readonly #row: ServiceRow

  constructor(inside: Inside, row: ServiceRow) {
    this.uuid = row.uuid
    this.name = row.name
    this.server = row.server
    this.#inside = inside
    this.#row = row
  }

  /** The name of the project; empty when it is gone. */
  get project(): string {
    return this.#inside.tables.projects.get(this.#row.project)?.name ?? ''
  }

  /** The name of the environment; empty when it is gone. */
  get environment(): string {
    const project = this.#inside.tables.projects.get(this.#row.project)
    return project?.environments.find(({ uuid }) => uuid === this.#row.environment)?.name ?? ''
  }

  /** The document as Coolify keeps it, as YAML. */
  get compose(): string {
    return this.#row.document === null ? this.#row.raw : writeDocument(this.#row.document)
  }

  get envs(): Record<string, string | null> {
    return Object.fromEntries(this.#row.variables.map(({ key, value }) => [key, value]))
  }

  /** As the API shows it: from the database, possibly stale. */
  get status(): string {
    return serviceStatus(this.#row)
  }

  /** What is true on the host. */
  get state(): RunnerState {
    return this.#inside.runner.state(this.#row.uuid)
  }

  get files(): FileMount[] {
    return this.#row.files
  }

  get volumes(): VolumeMount[] {
    return this.#row.volumes
  }

  get urls(): { service: string; url: string }[] {
    return runnerService(this.#row).urls
  }

  toJSON(): object {
    const { uuid, name, server, project, environment, compose, envs, status, state, files, volumes, urls } = this
    return { uuid, name, server, project, environment, compose, envs, status, state, files, volumes, urls }
  }
}
