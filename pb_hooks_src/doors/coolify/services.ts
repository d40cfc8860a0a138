import type { Outcome, SeenService, ServiceSpec } from '../../fleet/ports.ts'
import type { Ask, Call } from './call.ts'
import { base64 } from './base64.ts'
import { request } from './call.ts'
import { seenService } from './seen.ts'
import { wireLogs, wireQueued, wireResources, wireService, wireWritten } from './wire.ts'

/** Each log call is three SSH commands on Coolify's side, so nobody asks for the 10,000 lines it allows. */
export const logLinesMax = 500

type Content = Pick<ServiceSpec, 'name' | 'description' | 'compose' | 'urls'>

const at = (uuid: string): string => `/services/${encodeURIComponent(uuid)}`

/**
 * Creates the service without starting it. Coolify has no transaction here: after a 500 or a lost answer a
 * service row may exist, so the outcome is `unknown` and the caller looks by name before it repeats.
 */
export function create(ask: Ask, spec: ServiceSpec): Outcome<{ uuid: string }> {
  const body = {
    project_uuid: spec.project, server_uuid: spec.server, environment_name: spec.environment,
    ...content(spec), instant_deploy: false,
  }
  const call: Call = { does: 'create the service', method: 'POST', path: '/services', body }
  return request(ask, call, wireWritten, ({ uuid }) => ({ uuid }))
}

/**
 * Writes compose and URLs in one call; nothing reaches the host before the next start or restart. Coolify
 * stores the compose first, so a URL that it refuses leaves the new compose behind.
 */
export function update(ask: Ask, uuid: string, spec: Content): Outcome<null> {
  const call: Call = { does: 'update the service', method: 'PATCH', path: at(uuid), body: content(spec) }
  return request(ask, call, wireWritten, () => null)
}

function content({ name, description, compose, urls }: Content): Record<string, unknown> {
  const written = { name, description, docker_compose_raw: base64(compose) }
  return urls.length === 0 ? written : { ...written, urls }
}

/** All four default to true; the clean-up would prune images of other stopped bots (coolify #9582). */
const removal =
  'delete_volumes=true&delete_configurations=true&delete_connected_networks=true&docker_cleanup=false'

/** Queued: the row is readable until the job ran. May be repeated. */
export function remove(ask: Ask, uuid: string): Outcome<null> {
  const call: Call = { does: 'delete the service', method: 'DELETE', path: `${at(uuid)}?${removal}` }
  return request(ask, call, wireQueued, () => null)
}

export function look(ask: Ask, uuid: string): Outcome<SeenService> {
  const call: Call = { does: 'look at the service', method: 'GET', path: at(uuid) }
  return request(ask, call, wireService, seenService)
}

/** Every service of the server, whoever made it; a list with one malformed entry is not believed. */
export function sweep(ask: Ask, server: string): Outcome<SeenService[]> {
  const path = `/servers/${encodeURIComponent(server)}/resources`
  const call: Call = { does: 'read the status of the server', method: 'GET', path }
  return request(ask, call, wireResources, (services) => services.map(seenService))
}

/**
 * The newest lines of one container, with time stamps. A container that does not run has no logs on the
 * platform: `refused` with code `container_not_running`.
 */
export function logs(ask: Ask, uuid: string, service: string, lines: number): Outcome<string> {
  const wanted = Math.min(logLinesMax, Math.max(1, Math.floor(lines) || 1))
  const query = `sub_service_name=${encodeURIComponent(service)}&lines=${wanted}&show_timestamps=true`
  const call: Call = { does: 'read the logs', method: 'GET', path: `${at(uuid)}/logs?${query}` }
  return request(ask, call, wireLogs, (answer) => answer.logs ?? '')
}
