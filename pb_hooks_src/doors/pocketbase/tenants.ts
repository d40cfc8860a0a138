import { run } from './sql.ts'
import { dateText } from './time.ts'
import { poke } from './work.ts'

/** `onRecordUpdate` of tenants: a suspension (or its end) makes every bot of the tenant due at once. */
export function tenantUpdating(e: PbRecordEvent): void {
  const app = e.app
  const { record } = e
  record.ignoreUnchangedFields(true)
  const status = record.getString('status')
  if (status === record.original().getString('status')) {
    e.next()
    return
  }
  try {
    app.runInTransaction((tx) => {
      e.app = tx
      e.next()
      run(tx, `INSERT INTO work (queue, key, tenant, due, lease, owner, attempts, revision, error)
        SELECT 'fleet', id, tenant, {:now}, '', '', 0, 1, '' FROM bot_instances WHERE tenant = {:tenant}
        ON CONFLICT (queue, key) DO UPDATE SET due = excluded.due, revision = revision + 1, attempts = 0`,
      { tenant: record.id, now: dateText(Date.now()) })
    })
  } finally {
    e.app = app
  }
  poke(app)
}
