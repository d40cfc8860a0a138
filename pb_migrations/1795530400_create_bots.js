/// <reference path="../pb_data/types.d.ts" />
// The bots: what their owners want, what the server found, their secrets, and the second walls in SQL.

const text = (name, max, help, more) => ({ type: 'text', name, max, help, ...more })
const whole = (name, help, more) => ({ type: 'number', name, min: 0, onlyInt: true, help, ...more })
const json = (name, maxSize, help, more) => ({ type: 'json', name, maxSize, help, ...more })
const flag = (name, help, more) => ({ type: 'bool', name, help, ...more })
const date = (name, help, more) => ({ type: 'date', name, help, ...more })
const pick = (name, values, help, more) => ({ type: 'select', name, values, maxSelect: 1, help, ...more })
const one = (name, collection, help, more) => ({
  type: 'relation',
  name,
  collectionId: collection.id,
  maxSelect: 1,
  cascadeDelete: false,
  help,
  ...more,
})
const hidden = { hidden: true }
const phases = [
  'queued',
  'provisioning',
  'starting',
  'running',
  'degraded',
  'updating',
  'restarting',
  'stopping',
  'stopped',
  'suspended',
  'failed',
  'deleting',
]

/** What an owner (or an admin in the dashboard) writes. */
const intentFields = (app) => [
  one('tenant', app.findCollectionByNameOrId('tenants'), 'Whose bot it is. Never changes.', {
    required: true,
  }),
  text('name', 120, 'How the owner calls the bot.', { required: true, presentable: true }),
  one(
    'template_version',
    app.findCollectionByNameOrId('bot_template_versions'),
    'What runs. Another version of the same template is an update.',
    { required: true },
  ),
  json(
    'answers',
    262144,
    'Plain answers to the template\'s questions, as {"KEY": value}. Null falls back to the default.',
  ),
  json(
    'secrets',
    262144,
    'Write only: {"KEY": "value"}; null removes a key, keys left out stay. Never stored here. ' +
      'The dashboard keeps unsaved forms as drafts in the browser, so let customers type secrets in the portal.',
  ),
  whole('cpu_milli', 'Processor limit in thousandths of a core; 0 = what the template recommends.'),
  whole('memory_mib', 'Memory limit in MiB; 0 = what the template recommends.'),
  whole('disk_mib', 'Disk allowance in MiB; 0 = what the template recommends.'),
  pick(
    'desired_state',
    ['running', 'stopped', 'deleted'],
    'What should be. Deleted is final: the row goes when the platform is clean.',
    { required: true },
  ),
  pick(
    'action',
    ['restart', 'redeploy'],
    'Write only: asks for one restart or redeploy; the server clears it.',
  ),
  text('custom_domain', 253, 'An own domain of the customer for this bot.'),
  text('slug', 63, 'First part of the address. Made from the name when empty; never changes.', {
    pattern: '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$',
  }),
]

/** What the server writes and the owner may read. */
const foundFields = (app) => [
  one('server', app.findCollectionByNameOrId('servers'), 'Set by the server: where the bot has its place.'),
  text('host', 253, 'Set by the server: host name of the address.'),
  text('url', 300, 'Set by the server: the address.'),
  whole('generation', 'Set by the server: counts the intents that change something on the platform.'),
  whole('observed_generation', 'Set by the server: the last generation that was dealt with.'),
  whole('revision', 'Set by the server: counts all edits, for the If-Match header.'),
  whole('log_seq', 'Set by the server: number of the newest line in deploy_logs.'),
  whole('action_generation', 'Set by the server: the generation in which an action was asked for.'),
  pick('action_kind', ['restart', 'redeploy'], 'Set by the server: the action that was asked for last.'),
  pick('status', phases, 'Set by the server: the phase the bot is in.'),
  text('status_reason', 60, 'Set by the server: code of the reason.'),
  text('status_message', 1000, 'Set by the server: a detail of the reason, without secrets.'),
  date('status_since', 'Set by the server: when the phase began.'),
  date('ready_at', 'Set by the server: when the bot ran for the first time.'),
  date('last_seen_at', 'Set by the server: when a sweep saw it last.'),
  json('secrets_set', 65536, 'Set by the server: which secrets are set and since when.'),
  text('created_by', 60, 'Set by the server: id of the user who made the bot.'),
]

/** The server's own notes; no client reads them. */
const noteFields = [
  text('spec_hash', 64, 'Hash of what was last written on the platform.', hidden),
  text('compose_hash', 64, 'Hash of the specification whose compose document was last written; its variables may be missing.', hidden),
  date('unsure_at', 'When a write had no clear answer: it may still be committed for a while.', hidden),
  text('platform_project', 64, "The project in which the bot's environment was made.", hidden),
  text('platform_service', 64, "The bot's service on the platform.", hidden),
  json('applied_keys', 65536, 'Names of the variables that were last written.', hidden),
  date('tried_at', 'Mark before a create, so that a lost answer is looked for and not repeated.', hidden),
  text('command', 20, 'The last lifecycle call.', hidden),
  date('command_at', 'When that call was made.', hidden),
  flag('command_acked', 'The platform confirmed that call.', hidden),
  text('command_hash', 64, 'Hash of the specification at that call.', hidden),
  whole('command_generation', 'Generation at that call.', hidden),
  whole('repeats', 'How often the call was repeated.', hidden),
  whole('misses', 'Bad observations in a row.', hidden),
  flag('clean', 'Set by the finaliser only: nothing is left on the platform, the row may go.', hidden),
]

const stamps = [
  { type: 'autodate', name: 'created', onCreate: true, help: 'When the bot was made.' },
  { type: 'autodate', name: 'updated', onCreate: true, onUpdate: true, help: 'When the row was last saved.' },
]

const ownTenant = 'tenant = @request.auth.tenant && @request.auth.tenant != ""'
const tenantActive = '@request.auth.tenant.status = "active"'
const editor =
  '(@request.auth.role = "owner" || @request.auth.role = "admin" || @request.auth.role = "member")'
const readers = `@request.auth.id != "" && ((${ownTenant}) || @request.auth.staff = "operator")`
const refused = [
  'id',
  'created',
  'updated',
  'server',
  'host',
  'url',
  'generation',
  'observed_generation',
  'revision',
  'log_seq',
  'action_kind',
  'action_generation',
  'status',
  'status_reason',
  'status_message',
  'status_since',
  'ready_at',
  'last_seen_at',
  'secrets_set',
  'spec_hash',
  'command',
  'command_at',
  'command_acked',
  'command_hash',
  'command_generation',
  'platform_project',
  'platform_service',
  'tried_at',
  'applied_keys',
  'clean',
  'misses',
  'repeats',
  'compose_hash',
  'unsure_at',
  'created_by',
]
  .map((field) => `@request.body.${field}:isset = false`)
  .join(' && ')

const refuse = (
  name,
  when,
  condition,
  message,
) => `CREATE TRIGGER bot_instances_${name} BEFORE ${when} ON bot_instances WHEN ${condition}
  BEGIN SELECT RAISE(ABORT, '${message}'); END`

// A tenant without a subscription may have no bot, a limit of null is no limit.
const overQuota = `NEW.desired_state != 'deleted' AND NOT EXISTS (
  SELECT 1 FROM subscriptions s WHERE s.tenant = NEW.tenant AND (
    json_extract(s.entitlements, '$.bots') IS NULL OR json_extract(s.entitlements, '$.bots') > (
      SELECT count(*) FROM bot_instances b WHERE b.tenant = NEW.tenant AND b.desired_state != 'deleted')))`
const storesSecret = "NEW.secrets IS NOT NULL AND NEW.secrets != 'null'"
const storesAction = "NEW.action != ''"

const walls = [
  refuse('secrets_insert', 'INSERT', storesSecret, 'secrets are never stored in this table'),
  refuse('secrets_update', 'UPDATE OF secrets', storesSecret, 'secrets are never stored in this table'),
  refuse('action_insert', 'INSERT', storesAction, 'an action is never stored'),
  refuse('action_update', 'UPDATE OF action', storesAction, 'an action is never stored'),
  refuse('quota', 'INSERT', overQuota, 'the plan has no bot left'),
  refuse('tenant', 'UPDATE OF tenant', 'NEW.tenant != OLD.tenant', 'a bot never changes its tenant'),
  refuse(
    'deleted',
    'UPDATE OF desired_state',
    "OLD.desired_state = 'deleted' AND NEW.desired_state != 'deleted'",
    'a deleted bot does not come back',
  ),
]

const tables = [
  `CREATE TABLE tenant_homes (tenant TEXT NOT NULL, connection TEXT NOT NULL,
    project_uuid TEXT NOT NULL DEFAULT '', PRIMARY KEY (tenant, connection)) WITHOUT ROWID`,
  `CREATE TABLE bot_logs (bot TEXT NOT NULL PRIMARY KEY, text TEXT NOT NULL DEFAULT '',
    at TEXT NOT NULL DEFAULT '', error TEXT NOT NULL DEFAULT '',
    wanted_at TEXT NOT NULL DEFAULT '') WITHOUT ROWID`,
  `CREATE TABLE retired_hosts (host TEXT NOT NULL PRIMARY KEY, tenant TEXT NOT NULL,
    until TEXT NOT NULL) WITHOUT ROWID`,
]

migrate(
  (app) => {
    app.save(
      new Collection({
        type: 'base',
        name: 'bot_instances',
        fields: [...intentFields(app), ...foundFields(app), ...noteFields, ...stamps],
        indexes: [
          // Sizes stand in both, so that quota and placement sum up without touching a row.
          'CREATE INDEX idx_bot_instances_tenant ON bot_instances (tenant, desired_state, cpu_milli, memory_mib, disk_mib)',
          'CREATE INDEX idx_bot_instances_server ON bot_instances (server, status, cpu_milli, memory_mib, disk_mib)',
          'CREATE INDEX idx_bot_instances_status ON bot_instances (status)',
          'CREATE INDEX idx_bot_instances_platform_service ON bot_instances (platform_service)',
          'CREATE INDEX idx_bot_instances_template_version ON bot_instances (template_version)',
          'CREATE INDEX idx_bot_instances_command ON bot_instances (command, command_at)',
          "CREATE UNIQUE INDEX idx_bot_instances_host ON bot_instances (host) WHERE host != ''",
          "CREATE UNIQUE INDEX idx_bot_instances_slug ON bot_instances (slug) WHERE slug != ''",
        ],
        listRule: readers,
        viewRule: readers,
        createRule:
          `@request.auth.id != "" && @request.auth.tenant != "" && ${tenantActive} && ${editor} && ` +
          '(@request.body.tenant:isset = false || tenant = @request.auth.tenant) && ' +
        `@request.body.desired_state != "deleted" && ${refused}`,
        updateRule:
          `${ownTenant} && ${tenantActive} && ${editor} && @request.body.tenant:changed = false && ` +
          `@request.body.desired_state != "deleted" && ${refused}`,
        deleteRule: `${ownTenant} && ${tenantActive} && ${editor}`,
      }),
    )

    app.save(
      new Collection({
        type: 'base',
        name: 'bot_secrets',
        fields: [
          text('bot', 15, 'Id of the bot.', { required: true }),
          text('key', 64, 'Name of the variable.', { required: true }),
          text(
            'ciphertext',
            524288,
            'Key id, a colon, and the encrypted value. The key is in the environment.',
            { required: true, hidden: true },
          ),
          text('fingerprint', 64, 'Keyed mark of the value: equal values have equal marks.'),
          date('set_at', 'When the value was set.'),
        ],
        indexes: ['CREATE UNIQUE INDEX idx_bot_secrets_key ON bot_secrets (bot, key)'],
      }),
    )

    walls.concat(tables).forEach((sql) => {
      app.db().newQuery(sql).execute()
    })
  },
  (app) => {
    const names = ['retired_hosts', 'bot_logs', 'tenant_homes']
    names.forEach((table) => {
      app.db().newQuery(`DROP TABLE ${table}`).execute()
    })
    app.delete(app.findCollectionByNameOrId('bot_secrets'))
    app.delete(app.findCollectionByNameOrId('bot_instances'))
  },
)
