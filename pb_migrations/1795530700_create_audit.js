/// <reference path="../pb_data/types.d.ts" />
// Who did what. Each row's hash covers the row before it, so a row that was changed or taken out shows.

const text = (name, max, help, more) => ({ type: 'text', name, max, help, ...more })

const operator = '@request.auth.staff = "operator"'

migrate(
  (app) => {
    app.save(
      new Collection({
        type: 'base',
        name: 'audit_events',
        fields: [
          {
            type: 'number',
            name: 'seq',
            min: 1,
            onlyInt: true,
            required: true,
            help: 'Number of the event, without gaps.',
          },
          { type: 'date', name: 'at', required: true, help: 'When it happened.' },
          text('tenant', 15, 'Id of the tenant it is about; empty for the control plane.'),
          {
            type: 'select',
            name: 'actor_type',
            values: ['user', 'superuser', 'staff', 'system'],
            maxSelect: 1,
            required: true,
            help: 'What kind of actor it was.',
          },
          text('actor', 60, 'Id of the actor.'),
          text('actor_label', 255, 'Name or mail address of the actor at that time.'),
          text('action', 60, 'What was done, for example bot.create.', { required: true, presentable: true }),
          text('target_type', 60, 'Collection of the target.'),
          text('target', 60, 'Id of the target.'),
          {
            type: 'json',
            name: 'detail',
            maxSize: 65536,
            help: 'Names of what changed and harmless values; never a secret.',
          },
          text('prev_hash', 64, 'Hash of the event before.'),
          text('hash', 64, 'SHA-256 over this event and prev_hash.', { required: true }),
        ],
        indexes: [
          'CREATE UNIQUE INDEX idx_audit_events_seq ON audit_events (seq)',
          'CREATE INDEX idx_audit_events_tenant ON audit_events (tenant, at)',
          'CREATE INDEX idx_audit_events_target ON audit_events (target_type, target)',
        ],
        listRule: operator,
        viewRule: operator,
      }),
    )
    const verbs = ['UPDATE', 'DELETE']
    verbs.forEach((verb) => {
      app
        .db()
        .newQuery(
          `CREATE TRIGGER audit_events_no_${verb.toLowerCase()} BEFORE ${verb} ON audit_events
      BEGIN SELECT RAISE(ABORT, 'audit events are kept as they are'); END`,
        )
        .execute()
    })
  },
  (app) => {
    app.delete(app.findCollectionByNameOrId('audit_events'))
  },
)
