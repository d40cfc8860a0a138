// Servers that bots are placed on, and the connections to the platforms that run them.
const operator = '(@request.auth.staff = "operator")'

migrate((app) => {
  app.save(new Collection({
    type: 'base', name: 'servers', listRule: operator, viewRule: operator, updateRule: operator,
    fields: [
      { type: 'text', name: 'name', required: true, max: 80, presentable: true, help: 'Name for people.' },
      { type: 'text', name: 'connection', required: true, max: 40, pattern: '^[a-z0-9-]+$', help: 'Which Coolify: "default" uses COOLIFY_URL and COOLIFY_TOKEN, "east" uses COOLIFY_EAST_URL and COOLIFY_EAST_TOKEN.' },
      { type: 'text', name: 'platform_uuid', required: true, max: 60, help: 'The server’s uuid in Coolify.' },
      { type: 'text', name: 'country', required: true, pattern: '^[A-Z]{2}$', help: 'Where it stands, two letters.' },
      { type: 'relation', name: 'pool', collectionId: app.findCollectionByNameOrId('tenants').id, maxSelect: 1, help: 'The tenant whose own server this is; empty = shared.' },
      { type: 'number', name: 'cpu_milli', onlyInt: true, min: 0, help: 'Cores x 1000.' },
      { type: 'number', name: 'memory_mib', onlyInt: true, min: 0, help: 'Memory in MiB.' },
      { type: 'number', name: 'disk_mib', onlyInt: true, min: 0, help: 'Disk in MiB.' },
      { type: 'number', name: 'reserved_cpu_milli', onlyInt: true, min: 0, help: 'Kept for the machine itself.' },
      { type: 'number', name: 'reserved_memory_mib', onlyInt: true, min: 0, help: 'Kept for the machine itself.' },
      { type: 'number', name: 'reserved_disk_mib', onlyInt: true, min: 0, help: 'Kept for the machine itself.' },
      { type: 'number', name: 'overcommit_cpu', min: 1, max: 20, help: 'How many times CPU may be promised; memory and disk are promised once.' },
      { type: 'text', name: 'base_domain', max: 200, pattern: '^([a-z0-9]([a-z0-9-]*[a-z0-9])?)(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$', help: 'Bots get <slug>.<base domain>; a wildcard record has to point here.' },
      { type: 'select', name: 'base_scheme', maxSelect: 1, values: ['http', 'https'], help: 'https everywhere but on a laptop.' },
      { type: 'number', name: 'base_port', onlyInt: true, min: 0, max: 65535, help: '0 = the usual one.' },
      { type: 'bool', name: 'enabled', help: 'Off: not swept, nothing is placed here.' },
      { type: 'bool', name: 'maintenance', help: 'On: nothing new is placed here; what runs goes on.' },
      { type: 'bool', name: 'reachable', help: 'Set by the server: the last sweep succeeded.' },
      { type: 'text', name: 'status_message', max: 500, help: 'Set by the server: what the last sweep said.' },
      { type: 'date', name: 'swept_at', help: 'Set by the server: start of the last complete sweep.' },
    ],
    indexes: ['CREATE UNIQUE INDEX idx_servers_platform ON servers (connection, platform_uuid)'],
  }))
  app.save(new Collection({
    type: 'base', name: 'connections', listRule: operator, viewRule: operator,
    fields: [
      { type: 'text', name: 'name', required: true, max: 40, presentable: true, help: 'Written by the server, all of it.' },
      { type: 'text', name: 'url', max: 300, help: 'Address, without the token.' },
      { type: 'select', name: 'state', maxSelect: 1, values: ['unknown', 'ok', 'unreachable', 'unauthorised', 'forbidden', 'disabled', 'too_old'], help: 'Whether it can be used.' },
      { type: 'text', name: 'reason', max: 60, help: 'Reason code, see fleet/reasons.ts.' },
      { type: 'text', name: 'version', max: 40, help: 'Coolify’s version.' },
      { type: 'date', name: 'checked_at', help: 'Last check of version and token.' },
      { type: 'number', name: 'tokens', help: 'Call budget left.' },
      { type: 'number', name: 'tokens_at', onlyInt: true, help: 'As of, epoch ms.' },
      { type: 'number', name: 'failures', onlyInt: true, help: 'Transport failures in a row.' },
      { type: 'number', name: 'open_until', onlyInt: true, help: 'The breaker holds calls back until, epoch ms.' },
    ],
    indexes: ['CREATE UNIQUE INDEX idx_connections_name ON connections (name)'],
  }))
  app.db().newQuery(`CREATE TABLE seen_services (server TEXT NOT NULL, service_uuid TEXT NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL,
    health TEXT NOT NULL, at TEXT NOT NULL, misses INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (server, service_uuid)) WITHOUT ROWID`).execute()
  app.db().newQuery(`CREATE TABLE tenant_homes (tenant TEXT NOT NULL, connection TEXT NOT NULL, project_uuid TEXT NOT NULL,
    PRIMARY KEY (tenant, connection)) WITHOUT ROWID`).execute()
}, (app) => {
  for (const table of ['tenant_homes', 'seen_services']) app.db().newQuery(`DROP TABLE ${table}`).execute()
  app.delete(app.findCollectionByNameOrId('connections'))
  app.delete(app.findCollectionByNameOrId('servers'))
})
