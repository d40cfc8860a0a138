/// <reference path="../pb_data/types.d.ts" />
// The servers that bots run on, the platform connections behind them, and what the last sweep saw.

const text = (name, max, help, more) => ({ type: 'text', name, max, help, ...more })
const whole = (name, help, more) => ({ type: 'number', name, min: 0, onlyInt: true, help, ...more })
const flag = (name, help) => ({ type: 'bool', name, help })
const date = (name, help) => ({ type: 'date', name, help })
const pick = (name, values, help, more) => ({ type: 'select', name, values, maxSelect: 1, help, ...more })
const one = (name, collectionId, help, more) => ({
  type: 'relation',
  name,
  collectionId,
  maxSelect: 1,
  cascadeDelete: false,
  help,
  ...more,
})
const stamps = [
  { type: 'autodate', name: 'created', onCreate: true, help: 'When the row was made.' },
  { type: 'autodate', name: 'updated', onCreate: true, onUpdate: true, help: 'When the row was last saved.' },
]

const operator = '@request.auth.staff = "operator"'
const refused = (fields) => fields.map((field) => `@request.body.${field}:isset = false`).join(' && ')

migrate(
  (app) => {
    app.save(
      new Collection({
        type: 'base',
        name: 'servers',
        fields: [
          text('name', 120, 'How operators call this server.', { required: true, presentable: true }),
          text('connection', 40, 'The platform connection from the environment; "default" is COOLIFY_URL.', {
            autogeneratePattern: 'default',
            pattern: '^[a-z0-9_-]+$',
          }),
          text('platform_uuid', 64, 'The uuid of the server in Coolify.', {
            required: true,
            pattern: '^[A-Za-z0-9_-]+$',
          }),
          text('country', 2, 'Where the machine stands, two capital letters, for example DE.', {
            required: true,
            pattern: '^[A-Z]{2}$',
          }),
          one(
            'pool',
            app.findCollectionByNameOrId('tenants').id,
            "Only this tenant's bots are placed here; empty means shared.",
          ),
          whole('cpu_milli', 'Processors of the machine in thousandths of a core.'),
          whole('memory_mib', 'Memory of the machine in MiB.'),
          whole('disk_mib', 'Disk of the machine in MiB.'),
          whole('reserved_cpu_milli', 'Kept free for the system, in thousandths of a core.'),
          whole('reserved_memory_mib', 'Kept free for the system, in MiB.'),
          whole('reserved_disk_mib', 'Kept free for the system, in MiB.'),
          {
            type: 'number',
            name: 'overcommit_cpu',
            min: 1,
            max: 64,
            required: true,
            help: 'How many times the processors may be promised; memory is never promised twice.',
          },
          text(
            'base_domain',
            253,
            'Bots get addresses below this domain. BOTS_BASE_URL sets it for the first server.',
            { pattern: '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$' },
          ),
          pick('base_scheme', ['http', 'https'], 'Scheme of those addresses.', { required: true }),
          whole('base_port', 'Port of those addresses; 0 is the usual one.', { max: 65535 }),
          flag('enabled', 'Bots may be placed here and the server is swept.'),
          flag('maintenance', 'No new bots for now; those that are here stay.'),
          flag('reachable', 'Set by the sweep: the last one succeeded.'),
          text('status_message', 500, 'Set by the sweep: why it failed.'),
          date('swept_at', 'Set by the sweep: start of the last good one.'),
          ...stamps,
        ],
        indexes: [
          'CREATE UNIQUE INDEX idx_servers_platform ON servers (connection, platform_uuid)',
          'CREATE INDEX idx_servers_platform_uuid ON servers (platform_uuid)',
          'CREATE INDEX idx_servers_pool ON servers (pool)',
        ],
        listRule: operator,
        viewRule: operator,
        updateRule:
          `${operator} && ` +
          refused([
            'id',
            'created',
            'updated',
            'connection',
            'platform_uuid',
            'base_domain',
            'base_scheme',
            'base_port',
            'reachable',
            'status_message',
            'swept_at',
          ]),
      }),
    )

    app.save(
      new Collection({
        type: 'base',
        name: 'connections',
        fields: [
          text('name', 40, 'Name of the connection; address and token are in the environment.', {
            required: true,
            presentable: true,
          }),
          text('url', 300, 'Address that was used last.'),
          pick(
            'state',
            ['unknown', 'ok', 'unreachable', 'unauthorised', 'forbidden', 'disabled', 'too_old'],
            'What the last call told about the connection.',
          ),
          text('reason', 60, 'Code of the reason when it is not ok.'),
          text('version', 60, 'Version that the platform told.'),
          date('checked_at', 'When the version was read last.'),
          { type: 'number', name: 'tokens', help: 'Calls left in the budget at tokens_at.' },
          whole('tokens_at', 'Instant of that count, in milliseconds since 1970.'),
          whole('failures', 'Calls in a row that failed on the way.'),
          whole('open_until', 'The breaker holds calls back until this instant, in milliseconds since 1970.'),
          ...stamps,
        ],
        indexes: ['CREATE UNIQUE INDEX idx_connections_name ON connections (name)'],
      }),
    )

    app
      .db()
      .newQuery(
        `CREATE TABLE seen_services (
    server TEXT NOT NULL, service_uuid TEXT NOT NULL, name TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT '', health TEXT NOT NULL DEFAULT '', at TEXT NOT NULL DEFAULT '',
    misses INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (server, service_uuid)) WITHOUT ROWID`,
      )
      .execute()
  },
  (app) => {
    app.db().newQuery('DROP TABLE seen_services').execute()
    app.delete(app.findCollectionByNameOrId('connections'))
    app.delete(app.findCollectionByNameOrId('servers'))
  },
)
