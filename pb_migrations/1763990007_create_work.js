// The queue of due keys: everything that happens later or again is a row here.
migrate((app) => {
  const operator = '(@request.auth.staff = "operator")'
  app.save(new Collection({
    type: 'base', name: 'work', listRule: operator, viewRule: operator,
    fields: [
      { type: 'text', name: 'queue', required: true, max: 40, presentable: true, help: 'fleet, sweep, logs, retention.' },
      { type: 'text', name: 'key', required: true, max: 60, presentable: true, help: 'Which one; unique within the queue.' },
      { type: 'text', name: 'tenant', max: 30, help: 'For fairness; empty = the control plane itself.' },
      { type: 'date', name: 'due', help: 'When it is to be looked at next. Set it to the past to try now.' },
      { type: 'date', name: 'lease', help: 'A lane works on it until then.' },
      { type: 'text', name: 'owner', max: 60, help: 'Process, lane and name of who works on it.' },
      { type: 'number', name: 'attempts', onlyInt: true, min: 0, help: 'Turns since the last good one.' },
      { type: 'number', name: 'revision', onlyInt: true, min: 0, help: 'Moves with every newer intent.' },
      { type: 'text', name: 'error', max: 1000, help: 'What the last turn said.' },
    ],
    indexes: ['CREATE UNIQUE INDEX idx_work_queue_key ON work (queue, key)', 'CREATE INDEX idx_work_due ON work (due)', 'CREATE INDEX idx_work_tenant ON work (tenant)'],
  }))
  app.db().newQuery('CREATE TABLE tenant_turns (tenant TEXT PRIMARY KEY, turn INTEGER NOT NULL) WITHOUT ROWID').execute()
}, (app) => {
  app.db().newQuery('DROP TABLE tenant_turns').execute()
  app.delete(app.findCollectionByNameOrId('work'))
})
