/// <reference path="../pb_data/types.d.ts" />
// What happened to a bot: lines that its owner reads, and the states that usage is computed from.
// Rows outlive the bot.

const text = (name, max, help, more) => ({ type: 'text', name, max, help, ...more })
const whole = (name, help, more) => ({ type: 'number', name, min: 0, onlyInt: true, help, ...more })
const at = { type: 'date', name: 'at', required: true, help: 'When it happened.' }

const readers =
  '@request.auth.id != "" && ((tenant = @request.auth.tenant && @request.auth.tenant != "") || ' +
  '@request.auth.staff = "operator")'

migrate(
  (app) => {
    app.save(
      new Collection({
        type: 'base',
        name: 'deploy_logs',
        fields: [
          text('bot', 15, 'Id of the bot; it may be gone.', { required: true }),
          text('tenant', 15, 'Id of its tenant.', { required: true }),
          whole('seq', 'Number of the line, from 1 for each bot.', { required: true }),
          whole('generation', 'The generation that the line belongs to.'),
          text('operation', 40, 'What was being done.'),
          text('step', 60, "Code of the step; the portal says it in the reader's language."),
          {
            type: 'select',
            name: 'level',
            values: ['info', 'warn', 'error'],
            maxSelect: 1,
            help: 'How serious it is.',
          },
          text('message', 2000, 'The line in English, without secrets.'),
          { type: 'json', name: 'params', maxSize: 16384, help: 'Values of the line.' },
          at,
        ],
        indexes: [
          'CREATE UNIQUE INDEX idx_deploy_logs_seq ON deploy_logs (bot, seq)',
          'CREATE INDEX idx_deploy_logs_tenant ON deploy_logs (tenant, at)',
          'CREATE INDEX idx_deploy_logs_at ON deploy_logs (at)',
        ],
        listRule: readers,
        viewRule: readers,
      }),
    )

    app.save(
      new Collection({
        type: 'base',
        name: 'bot_states',
        fields: [
          text('bot', 15, 'Id of the bot; it may be gone.', { required: true }),
          text('tenant', 15, 'Id of its tenant.', { required: true }),
          at,
          text('status', 20, 'The phase that began then, or "deleted".', { required: true }),
          text('reason', 60, 'Code of the reason.'),
          whole('cpu_milli', 'Processor limit from then on, in thousandths of a core.'),
          whole('memory_mib', 'Memory limit from then on, in MiB.'),
          whole('disk_mib', 'Disk allowance from then on, in MiB.'),
          text('server', 15, 'Id of the server from then on.'),
        ],
        indexes: [
          'CREATE INDEX idx_bot_states_bot ON bot_states (bot, at)',
          'CREATE INDEX idx_bot_states_tenant ON bot_states (tenant, at)',
        ],
        listRule: readers,
        viewRule: readers,
      }),
    )

    // Old rows may be deleted (retention), but history is not rewritten.
    const tables = ['deploy_logs', 'bot_states']
    tables.forEach((table) => {
      app
        .db()
        .newQuery(
          `CREATE TRIGGER ${table}_kept BEFORE UPDATE ON ${table}
          BEGIN SELECT RAISE(ABORT, 'history is not rewritten'); END`,
        )
        .execute()
    })
  },
  (app) => {
    app.delete(app.findCollectionByNameOrId('bot_states'))
    app.delete(app.findCollectionByNameOrId('deploy_logs'))
  },
)
