import type { Inside, Server } from './inside.ts'
import type { Application, Json, Project, ServiceRow, Variable } from './records.ts'
import { writeDocument } from './compose.ts'
import { serviceStatus } from './status.ts'

/** The JSON forms in which the API shows its rows. Secrets are left out for a token that may not see them. */

export function shownProject({ id, uuid, name, description }: Project): Json {
  return { id, uuid, name, description }
}

export function shownServer({ id, uuid, name, ip }: Server, inside: Inside): Json {
  const reachable = inside.sentinel.reachable(uuid)
  return {
    id, uuid, name, ip, description: null, port: 22, user: 'root', proxy_type: 'traefik',
    settings: { is_reachable: reachable, is_usable: reachable, is_build_server: false },
  }
}

export function shownApplication(row: ServiceRow, application: Application): Json {
  const { id, uuid, name, image, fqdn, status, excluded, onlineAt } = application
  return {
    id, uuid, name, image, fqdn, status, human_name: null, description: null, service_id: row.id,
    exclude_from_status: excluded, last_online_at: onlineAt, is_gzip_enabled: true, is_stripprefix_enabled: true,
  }
}

/** One row of the flat lists of a server and of GET /resources. */
export function shownResource(row: ServiceRow): Json {
  const { id, uuid, name, createdAt, updatedAt } = row
  return { id, uuid, name, type: 'service', created_at: createdAt, updated_at: updatedAt, status: serviceStatus(row) }
}

/** A whole service. The document is the stored one, written anew by Coolify: comments and order of ours are lost. */
export function shownService(row: ServiceRow, inside: Inside, sees: boolean): { [key: string]: Json } {
  const { id, uuid, name, description, createdAt, updatedAt } = row
  const raw = (): string => (row.document === null ? row.raw : writeDocument(row.document))
  const shown: { [key: string]: Json } = {
    id, uuid, name, description, created_at: createdAt, updated_at: updatedAt, status: serviceStatus(row),
    server_status: inside.sentinel.reachable(row.server), service_type: null, config_hash: null,
    connect_to_docker_network: row.connected, is_container_label_escape_enabled: row.labelEscape,
    compose_parsing_version: '5', databases: [],
    applications: row.applications.map((application) => shownApplication(row, application)),
  }
  if (sees) shown['docker_compose_raw'] = shown['docker_compose'] = raw()
  return shown
}

/** A variable that is shown once can never be read again. */
export function shownVariable(variable: Variable, sees: boolean): Json {
  const { uuid, key, value, literal, multiline, shownOnce, comment } = variable
  const shown: { [key: string]: Json } = {
    uuid, key, comment, is_literal: literal, is_multiline: multiline, is_shown_once: shownOnce, is_preview: false,
  }
  if (sees && !shownOnce) {
    shown['value'] = value
    shown['real_value'] = value !== null && literal ? `'${value}'` : value
  }
  return shown
}
