import type { Answer } from '../answer.ts'
import type { Handler, Inside, Route } from '../inside.ts'
import type { Json, ServiceRow } from '../records.ts'
import { bodyOf, invalid, isAnswer, json, said } from '../answer.ts'
import { decoded, parsed, readDocument, servicesOf } from '../compose.ts'
import { applyUrls } from '../domains.ts'
import { flag, inService } from '../inside.ts'
import { shownApplication, shownService } from '../shown.ts'

type Body = Record<string, unknown>

const createFields = [
  'project_uuid', 'server_uuid', 'environment_name', 'environment_uuid', 'destination_uuid', 'docker_compose_raw',
  'type', 'name', 'description', 'instant_deploy', 'urls', 'force_domain_override',
  'is_container_label_escape_enabled', 'tags',
]
const updateFields = [
  'name', 'description', 'instant_deploy', 'docker_compose_raw', 'connect_to_docker_network', 'urls',
  'force_domain_override', 'is_container_label_escape_enabled',
]

const list: Handler = (inside, { sees }) =>
  json(200, [...inside.tables.services.values()].map((row) => shownService(row, inside, sees)))

const get = inService((inside, { sees }, row) => json(200, shownService(row, inside, sees)))

/** No transaction: the row is saved, then the document is parsed, then the URLs are applied. */
const create: Handler = (inside, { exchange }) => {
  const body = bodyOf(exchange, createFields)
  if (isAnswer(body)) return body
  const fault = fieldsFault(body, true)
  if (fault !== null) return fault
  const compose = composeOf(body)
  if (isAnswer(compose)) return compose
  const row = newRow(inside, body)
  if (isAnswer(row)) return row
  inside.tables.services.set(row.uuid, row)
  inside.tables.revision++
  const broken = compose === null ? null : applyCompose(inside, row, compose)
  // What is not a document leaves the row behind; an answer of 422 or 409 takes it away again.
  if (broken !== null && broken.status === 500) return broken
  const refused = broken ?? (body['urls'] === undefined ? null
    : applyUrls(inside, row, body['urls'], body['force_domain_override'] === true))
  if (refused !== null) {
    inside.tables.services.delete(row.uuid)
    return refused
  }
  if (body['instant_deploy'] === true) start(inside, row)
  return written(201, row)
}

function newRow({ tables, servers, now }: Inside, body: Body): ServiceRow | Answer {
  const project = tables.projects.get(String(body['project_uuid']))
  if (project === undefined) return said(404, 'Project not found.')
  const environment = [body['environment_name'], body['environment_uuid']]
    .map((key) => (typeof key === 'string' ? tables.environment(project, key) : undefined)).find((found) => found)
  if (environment === undefined) return said(404, 'Environment not found.')
  const server = servers.find(({ uuid }) => uuid === body['server_uuid'])
  if (server === undefined) return said(404, 'Server not found.')
  const at = new Date(now()).toISOString()
  const uuid = tables.uuid()
  const name = typeof body['name'] === 'string' && body['name'] !== '' ? plain(body['name']) : `service-${uuid.slice(0, 10)}`
  return {
    id: tables.id(), uuid, name, description: textOr(body['description']),
    project: project.uuid, environment: environment.uuid, server: server.uuid, createdAt: at, updatedAt: at,
    document: null, raw: '', connected: false, labelEscape: body['is_container_label_escape_enabled'] !== false,
    applications: [], variables: [], files: [], volumes: [], activity: 'none', up: false,
  }
}

/** Save, parse, URLs, in this order: what was refused later leaves what was stored before. */
const update = inService((inside, { exchange }, row) => {
  const body = bodyOf(exchange, updateFields)
  if (isAnswer(body)) return body
  const fault = fieldsFault(body, false)
  if (fault !== null) return fault
  const compose = body['docker_compose_raw'] === undefined ? null : composeOf(body)
  if (isAnswer(compose)) return compose
  if (typeof body['name'] === 'string') row.name = plain(body['name'])
  if (body['description'] !== undefined) row.description = textOr(body['description'])
  if (typeof body['connect_to_docker_network'] === 'boolean') row.connected = body['connect_to_docker_network']
  row.updatedAt = new Date(inside.now()).toISOString()
  inside.tables.revision++
  const refused = (compose === null ? null : applyCompose(inside, row, compose))
    ?? (body['urls'] === undefined ? null
      : applyUrls(inside, row, body['urls'], body['force_domain_override'] === true))
  if (refused !== null) return refused
  if (body['instant_deploy'] === true) start(inside, row)
  return written(200, row)
})

function fieldsFault(body: Body, creating: boolean): Answer | null {
  const errors: Record<string, string[]> = {}
  const needs = (field: string): void => {
    if (typeof body[field] !== 'string' || body[field] === '') errors[field] = [`The ${field} field is required.`]
  }
  if (creating) {
    needs('project_uuid')
    needs('server_uuid')
  }
  const { name, instant_deploy: deploy } = body
  if (name !== undefined && (typeof name !== 'string' || name.length > 255)) errors['name'] = ['The name is invalid.']
  if (deploy !== undefined && typeof deploy !== 'boolean') errors['instant_deploy'] = ['It must be true or false.']
  if (Object.keys(errors).length > 0) return invalid(errors)
  if (!creating) return null
  if (body['environment_name'] === undefined && body['environment_uuid'] === undefined)
    return said(422, 'You need to provide at least one of environment_name or environment_uuid.')
  if (body['type'] !== undefined && body['docker_compose_raw'] !== undefined)
    return said(422, 'You cannot provide both service type and docker_compose_raw. Use one or the other.')
  if (body['type'] !== undefined) return json(404, { message: 'Service not found.', valid_service_types: [] })
  return body['docker_compose_raw'] === undefined
    ? said(422, 'No service type or docker_compose_raw provided.') : null
}

function composeOf(body: Body): string | Answer {
  const given = body['docker_compose_raw']
  const text = typeof given === 'string' ? decoded(given) : null
  const must = 'The docker_compose_raw should be base64 encoded.'
  return text ?? invalid({ docker_compose_raw: must })
}

/** Parses and stores; the content of a file that is known already wins over the document (parsers.php). */
function applyCompose(inside: Inside, row: ServiceRow, compose: string): Answer | null {
  row.raw = compose
  let given: Json
  try {
    given = readDocument(compose)
  } catch {
    return said(500, 'Server Error')
  }
  if (servicesOf(given) === null) return invalid({ docker_compose_raw: 'The services key is missing.' })
  try {
    store(inside, row, parsed(given, row.uuid))
  } catch {
    return said(500, 'Server Error')
  }
  return null
}

function store({ tables }: Inside, row: ServiceRow, found: ReturnType<typeof parsed>): void {
  row.document = found.document
  row.volumes = found.volumes
  for (const file of found.files) {
    const known = row.files.find(({ service, target }) => service === file.service && target === file.target)
    if (known === undefined) row.files.push(file)
    else known.source = file.source
  }
  // Applications of services that are gone stay, as `exited`: nothing in this path deletes them.
  for (const { name, image, excluded } of found.services) {
    const known = row.applications.find((application) => application.name === name)
    if (known !== undefined) Object.assign(known, { image, excluded })
    else row.applications.push({
      id: tables.id(), uuid: tables.uuid(), name, image, excluded, fqdn: null, status: 'exited', onlineAt: row.createdAt,
    })
  }
  for (const { key, fallback } of found.references) {
    if (row.variables.some((variable) => variable.key === key)) continue
    row.variables.push({
      uuid: tables.uuid(), key, value: fallback, literal: false, multiline: false, shownOnce: false, comment: null,
    })
  }
}

function start({ queue, now }: Inside, row: ServiceRow): void {
  queue.add({ kind: 'start', uuid: row.uuid, pull: false }, now())
}

/** Queued: the row is readable until the job ran. All flags default to true. */
const remove = inService(({ queue, now }, { exchange: { query } }, row) => {
  queue.add({ kind: 'delete', uuid: row.uuid, volumes: flag(query['delete_volumes'], true) }, now())
  return said(200, 'Service deletion request queued.')
})

const applications = inService((_, __, row) =>
  json(200, row.applications.map((application) => shownApplication(row, application))))

function written(status: number, row: ServiceRow): Answer {
  const domains = row.applications.map(({ fqdn }) => fqdn).filter((fqdn) => fqdn !== null)
  return json(status, { uuid: row.uuid, domains })
}

const plain = (text: string): string => text.replace(/<[^>]*>/g, '')
const textOr = (value: unknown): string | null => (typeof value === 'string' ? value : null)

export const serviceRoutes: Route[] = [
  { method: 'GET', path: '/services', ability: 'read', run: list },
  { method: 'POST', path: '/services', ability: 'write', run: create },
  { method: 'GET', path: '/services/*', ability: 'read', run: get },
  { method: 'PATCH', path: '/services/*', ability: 'write', run: update },
  { method: 'DELETE', path: '/services/*', ability: 'write', run: remove },
  { method: 'GET', path: '/services/*/applications', ability: 'read', run: applications },
]
