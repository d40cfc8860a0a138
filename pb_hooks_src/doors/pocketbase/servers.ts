import { refuse } from '../../tenancy/refusal.ts'
import { callerOf } from './caller.ts'
import { refusalError } from './errors.ts'
import { row } from './sql.ts'
import { due, poke } from './work.ts'

/** What a sweep writes; a form that was opened earlier carries it as it was then. */
const sweptFields = ['reachable', 'status_message', 'swept_at']
/** Where a server is; bots that run there were set up for it. */
const placeFields = ['connection', 'platform_uuid', 'base_domain', 'base_scheme', 'base_port']

function botsOn(app: PbApp, server: string): boolean {
  return (row<number>(app, 'SELECT count(*) AS j FROM bot_instances WHERE server = {:server}', { server }) ?? 0) > 0
}

/** `onRecordUpdateRequest` of servers: what the sweep found stays, and a server with bots is not moved away from under them. */
export function serverUpdateRequested(e: PbRecordRequestEvent): void {
  const before = e.record.original()
  for (const field of sweptFields) e.record.set(field, before.getString(field))
  const moved = placeFields.find((field) => e.record.getString(field) !== before.getString(field))
  if (moved !== undefined && botsOn(e.app, e.record.id)) throw refusalError([refuse(moved, 'server_in_use')], callerOf(e.auth, e.requestInfo().headers).locale)
  e.next()
}

/** `onRecordCreate` and `onRecordUpdate` of servers: only what changed is written, and a sweep is due. */
export function serverSaving(e: PbRecordEvent): void {
  e.record.ignoreUnchangedFields(true)
  e.next()
  if (e.record.getBool('enabled')) due(e.app, 'sweep', e.record.id, '', Date.now(), false)
  poke(e.app)
}

/** `onRecordDelete` of servers: bots would lose their place on the platform without being gone from it. */
export function serverDeleting(e: PbRecordEvent): void {
  if (botsOn(e.app, e.record.id)) throw refusalError([refuse('id', 'server_in_use')], 'en')
  e.next()
}
