// What happened: a bot's log, its states (metering is computed from them) and the audit chain. Append-only.
const ownTenant = '(@request.auth.tenant != "" && tenant = @request.auth.tenant)'
const operator = '(@request.auth.staff = "operator")'
const head = '(@request.auth.role = "owner" || @request.auth.role = "admin")'

const text = (name, max, help, more = {}) => ({ type: 'text', name, max, help, ...more })
const whole = (name, help) => ({ type: 'number', name, onlyInt: true, min: 0, help })

migrate((app) => {
  const read = { listRule: `${ownTenant} || ${operator}`, viewRule: `${ownTenant} || ${operator}` }
  app.save(new Collection({
    type: 'base', name: 'deploy_logs', ...read,
    fields: [
      text('bot', 30, 'Id of the bot; the line survives it.', { required: true }), text('tenant', 30, 'Whose.', { required: true }), whole('seq', 'Number within the bot.'),
      whole('generation', 'Of which intent.'), text('operation', 40, 'Part that wrote it.'), text('step', 40, 'Code of the line, see fleet/log.ts.', { presentable: true }),
      { type: 'select', name: 'level', maxSelect: 1, values: ['info', 'warn', 'error'], help: 'How bad.' }, text('message', 2000, 'The line in English, redacted.'),
      { type: 'json', name: 'params', maxSize: 8000, help: 'What the line’s text needs.' }, { type: 'date', name: 'at', help: 'When.' },
    ],
    indexes: ['CREATE UNIQUE INDEX idx_deploy_logs_bot_seq ON deploy_logs (bot, seq)', 'CREATE INDEX idx_deploy_logs_tenant ON deploy_logs (tenant)', 'CREATE INDEX idx_deploy_logs_at ON deploy_logs (at)'],
  }))
  app.save(new Collection({
    type: 'base', name: 'bot_states', ...read,
    fields: [
      text('bot', 30, 'Id of the bot; the row survives it.', { required: true }), text('tenant', 30, 'Whose.', { required: true }), { type: 'date', name: 'at', help: 'From when on.' },
      text('status', 20, 'Phase that began.', { presentable: true }), text('reason', 60, 'Why.'), whole('cpu_milli', 'Size then.'), whole('memory_mib', 'Size then.'), whole('disk_mib', 'Size then.'),
      text('server', 30, 'Where.'),
    ],
    indexes: ['CREATE INDEX idx_bot_states_bot_at ON bot_states (bot, at)', 'CREATE INDEX idx_bot_states_tenant_at ON bot_states (tenant, at)'],
  }))
  const audited = `(${ownTenant} && ${head}) || ${operator}`
  app.save(new Collection({
    type: 'base', name: 'audit_events', listRule: audited, viewRule: audited,
    fields: [
      whole('seq', 'Number in the chain.'), { type: 'date', name: 'at', help: 'When.' }, text('tenant', 30, 'Whom it concerns.'),
      { type: 'select', name: 'actor_type', maxSelect: 1, values: ['user', 'superuser', 'staff', 'system'], help: 'Kind of actor.' }, text('actor', 30, 'Id of the actor.'), text('actor_label', 200, 'Name of the actor then.'),
      text('action', 60, 'What was done.', { presentable: true }), text('target_type', 60, 'To what kind of thing.'), text('target', 30, 'To which.'),
      { type: 'json', name: 'detail', maxSize: 16000, help: 'What changed, without secrets.' }, text('prev_hash', 64, 'Hash of the row before.'), text('hash', 64, 'sha256 over this row and the one before.'),
    ],
    indexes: ['CREATE UNIQUE INDEX idx_audit_events_seq ON audit_events (seq)', 'CREATE INDEX idx_audit_events_tenant_at ON audit_events (tenant, at)', 'CREATE INDEX idx_audit_events_target ON audit_events (target)'],
  }))
  for (const table of ['deploy_logs', 'bot_states', 'audit_events']) {
    app.db().newQuery(`CREATE TRIGGER ${table}_no_update BEFORE UPDATE ON ${table} BEGIN SELECT RAISE(ABORT, 'history is never rewritten'); END`).execute()
  }
  app.db().newQuery("CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events BEGIN SELECT RAISE(ABORT, 'history is never rewritten'); END").execute()
}, (app) => {
  for (const trigger of ['deploy_logs_no_update', 'bot_states_no_update', 'audit_events_no_update', 'audit_events_no_delete']) app.db().newQuery(`DROP TRIGGER IF EXISTS ${trigger}`).execute()
  for (const name of ['audit_events', 'bot_states', 'deploy_logs']) app.delete(app.findCollectionByNameOrId(name))
})
