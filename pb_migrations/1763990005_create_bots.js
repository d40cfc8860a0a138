// The bots: what should run, what runs, and the walls around both.
const editor = '(@request.auth.role = "owner" || @request.auth.role = "admin" || @request.auth.role = "member")'
const active = '(@request.auth.tenant.status = "active")'
const ownTenant = '(@request.auth.tenant != "" && tenant = @request.auth.tenant)'
const operator = '(@request.auth.staff = "operator")'

/** Only the server writes these; a customer who sends one is refused. */
const serverOnly = [
  'server', 'host', 'url', 'generation', 'observed_generation', 'revision', 'log_seq', 'action_kind', 'action_generation', 'status', 'status_reason',
  'status_message', 'status_since', 'ready_at', 'last_seen_at', 'secrets_set', 'spec_hash', 'command', 'command_at', 'command_acked', 'command_hash',
  'command_generation', 'platform_project', 'platform_service', 'tried_at', 'applied_keys', 'clean', 'misses', 'repeats', 'secret_prints', 'created_by',
]
const phases = ['queued', 'provisioning', 'starting', 'running', 'degraded', 'updating', 'restarting', 'stopping', 'stopped', 'suspended', 'failed', 'deleting']

const server = 'Set by the server.'
const text = (name, max, help, more = {}) => ({ type: 'text', name, max, help, ...more })
const whole = (name, help, more = {}) => ({ type: 'number', name, onlyInt: true, min: 0, help, ...more })
const json = (name, maxSize, help, more = {}) => ({ type: 'json', name, maxSize, help, ...more })
const date = (name, help, more = {}) => ({ type: 'date', name, help, ...more })
const hidden = { hidden: true }

migrate((app) => {
  const id = (name) => app.findCollectionByNameOrId(name).id
  const untouched = [...serverOnly, 'id'].map((field) => `(@request.body.${field}:isset = false)`).join(' && ')
  const bots = new Collection({
    type: 'base', name: 'bot_instances', listRule: `${ownTenant} || ${operator}`, viewRule: `${ownTenant} || ${operator}`,
    createRule: `(@request.auth.tenant != "") && ${editor} && ${active} && ((@request.body.tenant:isset = false) || (@request.body.tenant = @request.auth.tenant)) && ${untouched}`,
    updateRule: `${ownTenant} && ${editor} && ${active} && ${untouched}`,
    deleteRule: `${ownTenant} && ${editor}`,
    fields: [
      { type: 'relation', name: 'tenant', required: true, collectionId: id('tenants'), maxSelect: 1, help: 'Whose bot. Fixed once created.' },
      text('name', 80, 'Name for people.', { required: true, presentable: true }),
      { type: 'relation', name: 'template_version', required: true, collectionId: id('bot_template_versions'), maxSelect: 1, help: 'What runs. Another version of the same template is an upgrade.' },
      json('answers', 65536, 'Answers to the template’s questions that are no secrets: {"KEY": value}. A key left out stays, null resets it.'),
      json('secrets', 262144, 'Write only: {"KEY": "value"}, null removes a key, a key left out stays. Encrypted at once and never stored here. This dashboard keeps unsaved forms as drafts in your browser: prefer the operator app for secrets.'),
      whole('cpu_milli', 'CPU in thousandths of a core; 0 = the template’s recommendation.'),
      whole('memory_mib', 'Memory in MiB; 0 = the template’s recommendation.'),
      whole('disk_mib', 'Disk in MiB; 0 = the template’s recommendation.'),
      { type: 'select', name: 'desired_state', maxSelect: 1, values: ['running', 'stopped', 'deleted'], help: 'What should be. Change it to start or stop; deleted cannot be taken back.' },
      { type: 'select', name: 'action', maxSelect: 1, values: ['restart', 'redeploy'], help: 'Write only: do this once. Cleared at once.' },
      text('custom_domain', 253, 'Reserved; has to stay empty.'),
      text('slug', 40, 'First label of the address; derived from the name if empty, then fixed.'),
      { type: 'relation', name: 'server', collectionId: id('servers'), maxSelect: 1, help: `${server} Empty while the bot waits for room.` },
      text('host', 253, server), text('url', 300, `${server} Public address.`),
      whole('generation', `${server} Counts accepted intents.`), whole('observed_generation', `${server} The last one that was carried out.`),
      whole('revision', `${server} Counts edits; send it as If-Match to be refused instead of overwriting.`), whole('log_seq', `${server} Number of the last log line.`),
      text('action_kind', 20, server), whole('action_generation', server),
      { type: 'select', name: 'status', maxSelect: 1, values: phases, help: `${server} Where the bot is now.` },
      text('status_reason', 60, `${server} Stable code why.`), text('status_message', 1000, `${server} What the platform said.`), date('status_since', server),
      date('ready_at', `${server} First time it ran.`), date('last_seen_at', server), json('secrets_set', 16384, `${server} Which secrets are set, and since when.`),
      text('created_by', 30, server),
      json('secret_prints', 16384, server, hidden), text('spec_hash', 80, server, hidden), text('command', 20, server, hidden), date('command_at', server, hidden),
      { type: 'bool', name: 'command_acked', help: server, hidden: true }, text('command_hash', 80, server, hidden), whole('command_generation', server, hidden),
      text('platform_project', 60, server, hidden), text('platform_service', 60, server, hidden), date('tried_at', server, hidden), json('applied_keys', 16384, server, hidden),
      { type: 'bool', name: 'clean', help: `${server} Nothing is left on the platform.`, hidden: true }, whole('misses', server, hidden), whole('repeats', server, hidden),
      { type: 'autodate', name: 'created', onCreate: true }, { type: 'autodate', name: 'updated', onCreate: true, onUpdate: true },
    ],
    indexes: [
      'CREATE INDEX idx_bot_instances_tenant_desired_state ON bot_instances (tenant, desired_state)', 'CREATE INDEX idx_bot_instances_server_status ON bot_instances (server, status)',
      'CREATE INDEX idx_bot_instances_status ON bot_instances (status)', 'CREATE INDEX idx_bot_instances_platform_service ON bot_instances (platform_service)',
      'CREATE INDEX idx_bot_instances_template_version ON bot_instances (template_version)',
      "CREATE UNIQUE INDEX idx_bot_instances_host ON bot_instances (host) WHERE host != ''", "CREATE UNIQUE INDEX idx_bot_instances_slug ON bot_instances (slug) WHERE slug != ''",
    ],
  })
  app.save(bots)
  app.save(new Collection({
    type: 'base', name: 'bot_secrets',
    fields: [
      text('bot', 30, 'Id of the bot.', { required: true }), text('key', 128, 'Name.', { required: true }), text('ciphertext', 100000, '<key id>:<AES-256-GCM, base64>', { required: true, hidden: true }),
      text('fingerprint', 32, 'Keyed mark: equal values have equal marks.'), date('set_at', 'When it was set.'),
    ],
    indexes: ['CREATE UNIQUE INDEX idx_bot_secrets_bot_key ON bot_secrets (bot, key)'],
  }))
  app.db().newQuery(`CREATE TABLE bot_logs (bot TEXT PRIMARY KEY, text TEXT NOT NULL, at TEXT NOT NULL, error TEXT NOT NULL, wanted_at TEXT NOT NULL) WITHOUT ROWID`).execute()
  app.db().newQuery(`CREATE TABLE retired_hosts (host TEXT PRIMARY KEY, tenant TEXT NOT NULL, until TEXT NOT NULL) WITHOUT ROWID`).execute()
  for (const verb of ['INSERT', 'UPDATE']) {
    app.db().newQuery(`CREATE TRIGGER bot_instances_no_secret_${verb.toLowerCase()} BEFORE ${verb} ON bot_instances
      WHEN NEW.secrets IS NOT NULL AND NEW.secrets != 'null' BEGIN SELECT RAISE(ABORT, 'secrets are never stored in a bot'); END`).execute()
  }
  app.db().newQuery(`CREATE TRIGGER bot_instances_quota BEFORE INSERT ON bot_instances
    WHEN (SELECT count(*) FROM bot_instances WHERE tenant = NEW.tenant AND desired_state != 'deleted')
      >= coalesce((SELECT json_extract(entitlements, '$.bots') FROM subscriptions WHERE tenant = NEW.tenant), 1000000)
    BEGIN SELECT RAISE(ABORT, 'the plan allows no more bots'); END`).execute()
  app.db().newQuery(`CREATE TRIGGER bot_instances_deleted_stays BEFORE UPDATE OF desired_state ON bot_instances
    WHEN OLD.desired_state = 'deleted' AND NEW.desired_state != 'deleted' BEGIN SELECT RAISE(ABORT, 'a deletion cannot be taken back'); END`).execute()
}, (app) => {
  for (const trigger of ['deleted_stays', 'quota', 'no_secret_update', 'no_secret_insert']) app.db().newQuery(`DROP TRIGGER IF EXISTS bot_instances_${trigger}`).execute()
  for (const table of ['retired_hosts', 'bot_logs']) app.db().newQuery(`DROP TABLE ${table}`).execute()
  app.delete(app.findCollectionByNameOrId('bot_secrets'))
  app.delete(app.findCollectionByNameOrId('bot_instances'))
})
