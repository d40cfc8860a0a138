import { refuse } from '../../tenancy/refusal.ts'
import { refusalError } from './errors.ts'
import { row, run } from './sql.ts'
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

/** `onRecordDelete` of tenants: an empty relation means "for everybody", so what was theirs alone would open up. */
export function tenantDeleting(e: PbRecordEvent): void {
  const tenant = e.record.id
  const held = row<number>(e.app, `SELECT (SELECT count(*) FROM servers WHERE pool = {:tenant}) + (SELECT count(*) FROM bot_templates WHERE tenant = {:tenant})
    + (SELECT count(*) FROM bot_instances WHERE tenant = {:tenant}) AS j`, { tenant })
  if ((held ?? 0) > 0) throw refusalError([refuse('id', 'tenant_in_use')], 'en')
  e.next()
}
