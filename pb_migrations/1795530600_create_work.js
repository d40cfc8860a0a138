/// <reference path="../pb_data/types.d.ts" />
// The queue of due keys that the work lanes take their turns from.

const text = (name, max, help, more) => ({ type: 'text', name, max, help, ...more })
const whole = (name, help, more) => ({ type: 'number', name, min: 0, onlyInt: true, help, ...more })
const date = (name, help) => ({ type: 'date', name, help })

const operator = '@request.auth.staff = "operator"'

migrate(
  (app) => {
    app.save(
      new Collection({
        type: 'base',
        name: 'work',
        fields: [
          text('queue', 40, 'Kind of work.', { required: true, presentable: true }),
          text('key', 120, 'What it is about, for example the id of a bot.', {
            required: true,
            presentable: true,
          }),
          text('tenant', 15, "For fairness between tenants; empty is the control plane's own work."),
          date('due', 'When its turn comes.'),
          date('lease', 'A lane works on it until then at the latest.'),
          text('owner', 60, 'The lane that works on it.'),
          whole('attempts', 'Turns in a row that did not end well.'),
          whole('revision', 'Raised by each newer intent.'),
          text('error', 1000, 'What the last turn stumbled over.'),
        ],
        indexes: [
          'CREATE UNIQUE INDEX idx_work_key ON work (queue, key)',
          'CREATE INDEX idx_work_due ON work (due)',
        ],
        listRule: operator,
        viewRule: operator,
      }),
    )
    app
      .db()
      .newQuery(
        `CREATE TABLE tenant_turns (tenant TEXT NOT NULL PRIMARY KEY,
        turn INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID`,
      )
      .execute()
  },
  (app) => {
    app.db().newQuery('DROP TABLE tenant_turns').execute()
    app.delete(app.findCollectionByNameOrId('work'))
  },
)
