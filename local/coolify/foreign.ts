import type { Inside } from './inside.ts'
import type { ServiceRow } from './records.ts'
import { parsed } from './compose.ts'

/** A service of somebody else, without any mark of ours, in a project of its own on the first server. */
export function foreignService({ tables, servers }: Inside, name: string, now: number): ServiceRow {
  const project = tables.addProject(`foreign ${name}`, null)
  const [environment] = project.environments
  const [server] = servers
  if (environment === undefined || server === undefined) throw new Error('there is no server to plant on')
  const at = new Date(now).toISOString()
  const uuid = tables.uuid()
  const { document, services } = parsed({ services: { app: { image: 'postgres:16' } } }, uuid)
  return {
    id: tables.id(), uuid, name, description: null, project: project.uuid, environment: environment.uuid,
    server: server.uuid, createdAt: at, updatedAt: at, document, raw: '', connected: false, labelEscape: true,
    applications: services.map((service) => ({
      ...service, id: tables.id(), uuid: tables.uuid(), fqdn: null, status: 'exited', onlineAt: at,
    })),
    variables: [], files: [], volumes: [], activity: 'finished', up: true,
  }
}
