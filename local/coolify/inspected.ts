import type { FileMount, ServiceRow } from './records.ts'
import type { Inside } from './inside.ts'
import type { RunnerState } from './runner.ts'
import { serviceStatus } from './status.ts'

/** One service seen from behind the API: what is stored, and what really runs. */
export type Inspected = {
  uuid: string
  name: string
  description: string | null
  /** Names, as far as they are still there. */
  project: string
  environment: string
  server: string
  /** What the API says, and what is true. */
  status: string
  state: RunnerState['state']
  compose: string
  envs: Record<string, string | null>
  urls: { service: string; url: string }[]
  files: FileMount[]
  volumes: string[]
}

export function inspected({ tables, runner }: Inside, row: ServiceRow): Inspected {
  const project = tables.projects.get(row.project)
  const urls = row.applications.flatMap(({ name, fqdn }) => (fqdn ?? '').split(',').filter((url) => url !== '').map((url) => ({ service: name, url })))
  return {
    uuid: row.uuid, name: row.name, description: row.description, project: project?.name ?? '',
    environment: project?.environments.find(({ uuid }) => uuid === row.environment)?.name ?? '', server: row.server,
    status: serviceStatus(row), state: runner.state(row.uuid).state, compose: row.raw,
    envs: Object.fromEntries(row.variables.map(({ key, value }) => [key, value])), urls,
    files: row.files.map((file) => ({ ...file })), volumes: row.volumes.map(({ name }) => name),
  }
}
