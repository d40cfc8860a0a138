import type { ComposeDocument, Json, ServiceRow } from './records.ts'
import type { RunnerService } from './runner.ts'
import { servicesOf, variablesOf } from './compose.ts'

/** What StartService writes into the working directory of a service before `compose up`. */
export function runnerService(row: ServiceRow): RunnerService {
  const variables: Record<string, string> = {}
  for (const { key, value } of row.variables) variables[key] = value ?? ''
  const urls = row.applications.flatMap(({ name, fqdn }) =>
    (fqdn ?? '').split(',').filter((url) => url !== '').map((url) => ({ service: name, url })))
  return {
    uuid: row.uuid, name: row.name, document: changed(row), variables, urls,
    files: row.files.map((file) => ({ ...file })), volumes: row.volumes.map((volume) => ({ ...volume })),
  }
}

/**
 * The document as Coolify runs it: names of containers and volumes, a restart policy, its own variables.
 * Limits, health checks and hardening pass through untouched.
 */
function changed(row: ServiceRow): ComposeDocument {
  const given = row.document ?? {}
  const services: { [name: string]: Json } = {}
  for (const [name, service] of Object.entries(servicesOf(given) ?? {})) {
    const fqdn = row.applications.find((application) => application.name === name)?.fqdn ?? ''
    const container = `${name}-${row.uuid}`
    const environment: { [key: string]: Json } = {
      ...Object.fromEntries(variablesOf(service['environment'] ?? null)),
      COOLIFY_RESOURCE_UUID: row.uuid, COOLIFY_CONTAINER_NAME: container,
      [`SERVICE_NAME_${name.toUpperCase().replace(/-/g, '_')}`]: name,
    }
    if (fqdn !== '') {
      environment['COOLIFY_URL'] = fqdn
      environment['COOLIFY_FQDN'] = fqdn.split(',').map((url) => url.replace(/^https?:\/\//, '')).join(',')
    }
    services[name] = {
      restart: 'unless-stopped', ...service, container_name: container, env_file: ['.env'], environment,
    }
  }
  return { ...given, services, networks: { default: { name: row.uuid, external: true } } }
}
