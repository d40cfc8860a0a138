import type { Answer } from '../answer.ts'
import type { Call, Handler, Inside, Route, Server } from '../inside.ts'
import type { Json } from '../records.ts'
import { bodyOf, isAnswer, json, said, text } from '../answer.ts'
import { flag } from '../inside.ts'
import { shownResource, shownServer } from '../shown.ts'

const inServer = (run: (inside: Inside, call: Call, server: Server) => Answer): Handler => (inside, call) => {
  const server = inside.servers.find(({ uuid }) => uuid === call.params[0])
  return server === undefined ? said(404, 'Server not found.') : run(inside, call, server)
}

const list: Handler = (inside) => json(200, inside.servers.map((server) => shownServer(server, inside)))

const get = inServer((inside, { exchange: { query } }, server) => {
  const shown = shownServer(server, inside) as { [key: string]: Json }
  return json(200, flag(query['resources'], false) ? { ...shown, resources: resourcesOf(inside, server) } : shown)
})

/** The whole status of a server in one call. */
const resources = inServer((inside, _, server) => json(200, resourcesOf(inside, server)))

function resourcesOf({ tables }: Inside, server: Server): Json[] {
  const found: Json[] = []
  for (const row of tables.services.values()) if (row.server === server.uuid) found.push(shownResource(row))
  return found
}

const all: Handler = ({ tables }) => json(200, [...tables.services.values()].map(shownResource))

const change = inServer((_, { exchange }, server) => {
  const body = bodyOf(exchange, ['name', 'description', 'ip', 'port', 'user', 'private_key_uuid', 'proxy_type'])
  if (isAnswer(body)) return body
  if (typeof body['name'] === 'string') server.name = body['name']
  return json(201, { uuid: server.uuid })
})

export const serverRoutes: Route[] = [
  { method: 'GET', path: '/health', ability: null, run: () => text(200, 'OK') },
  { method: 'GET', path: '/version', ability: 'read', run: ({ version }) => text(200, version) },
  { method: 'GET', path: '/servers', ability: 'read', run: list },
  { method: 'GET', path: '/servers/*', ability: 'read', run: get },
  { method: 'PATCH', path: '/servers/*', ability: 'write', run: change },
  { method: 'GET', path: '/servers/*/resources', ability: 'read', run: resources },
  { method: 'GET', path: '/resources', ability: 'read', run: all },
]
