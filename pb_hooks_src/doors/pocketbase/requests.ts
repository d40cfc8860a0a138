import type { Caller } from './caller.ts'
import type { Verb } from '../../fleet/can.ts'
import { EDITORS, can } from '../../fleet/can.ts'
import { SERVER_FIELDS, bodyLengthMax, checkBody } from '../../fleet/body.ts'
import type { DesiredState, Phase } from '../../fleet/bot.ts'
import { callerOf, carriedField, hand } from './caller.ts'
import { refusalError } from './errors.ts'
import { refuse } from '../../tenancy/refusal.ts'

/** May this caller change bots of this tenant? The access rules say the same; this is the second wall. */
export function mayEdit(caller: Caller, tenant: string): boolean {
  if (caller.type === 'superuser' || caller.type === 'system') return true
  return caller.tenant !== '' && caller.tenant === tenant && EDITORS.includes(caller.role)
}

/**
 * The body as it was sent: by the time a record hook runs, PocketBase has already turned "abc" in a number
 * field into 0 and JSON fields into bytes. Forms are refused: what they meant cannot be checked any more.
 */
function callerIn(e: PbRecordRequestEvent): { caller: Caller; body: { [name: string]: unknown } } {
  const asked = e.requestInfo()
  const caller = callerOf(e.auth, asked.headers)
  if (caller.revision === 'unreadable') throw refusalError([refuse('revision', 'revision_conflict')], caller.locale, 412)
  const type = (asked.headers['content_type'] ?? '').trim().toLowerCase()
  // Judged before the text: a form's body is used up by now and would look empty.
  if (type !== '' && !type.startsWith('application/json')) throw refusalError([refuse('body', 'body_not_json')], caller.locale)
  const text = toString(e.requestEvent.request.body)
  if (text.length > bodyLengthMax) throw refusalError([refuse('body', 'body_too_long')], caller.locale)
  if (text.trim() === '') return { caller, body: {} }
  const body = objectOf(text)
  if (body === null) throw refusalError([refuse('body', 'body_not_object')], caller.locale)
  return { caller, body }
}

/** PocketBase reads the first JSON value and ignores what follows it; we take a whole object or nothing. */
function objectOf(text: string): { [name: string]: unknown } | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as { [name: string]: unknown }) : null
  } catch {
    return null
  }
}

/** `onRecordCreateRequest`: the body as it was sent, then server-only fields as a new bot has them. */
export function botCreateRequested(e: PbRecordRequestEvent): void {
  const { caller, body } = callerIn(e)
  const refusals = checkBody(body, 'create', caller.type === 'superuser')
  if (refusals.length > 0) throw refusalError(refusals, caller.locale)
  prepareNew(e.record, caller, String(body['tenant'] ?? ''))
  e.next()
}

/** A new record with nothing of the server's in it (the dashboard's Duplicate copies those fields) and its tenant. */
export function prepareNew(record: PbRecord, caller: Caller, tenant: string): void {
  for (const field of SERVER_FIELDS) record.set(field, null)
  const theirs = caller.type === 'superuser' ? tenant : caller.tenant
  if (tenant !== '' && tenant !== theirs) throw refusalError([refuse('tenant', 'role_may_not')], caller.locale, 403)
  record.set('tenant', theirs)
  if (!mayEdit(caller, theirs)) throw refusalError([refuse('tenant', 'role_may_not')], caller.locale, 403)
  hand(record, caller)
}

/** `onRecordUpdateRequest`: whatever the form carried, server-only fields stay as they are in the row. */
export function botUpdateRequested(e: PbRecordRequestEvent): void {
  const { caller, body } = callerIn(e)
  const refusals = checkBody(body, 'update', caller.type === 'superuser')
  const before = e.record.original()
  const tenant = before.getString('tenant')
  if (body['tenant'] !== undefined && body['tenant'] !== tenant) refusals.push(refuse('tenant', 'tenant_fixed'))
  if (refusals.length > 0) throw refusalError(refusals, caller.locale)
  for (const field of SERVER_FIELDS) e.record.set(field, before.getString(field))
  if (!mayEdit(caller, tenant)) throw refusalError([refuse('tenant', 'role_may_not')], caller.locale, 403)
  e.record.ignoreUnchangedFields(true)
  hand(e.record, caller)
  e.next()
}

/** `onRecordDeleteRequest`: a delete is an intent; the row goes when the platform is clean. */
export function botDeleteRequested(e: PbRecordRequestEvent): void {
  const { caller } = callerIn(e)
  wantDeleted(e.app, e.record.id, caller)
  e.noContent(204)
}

/** Sets the intent to delete; nothing happens for a bot that is being deleted already. */
export function wantDeleted(app: PbApp, id: string, caller: Caller): PbRecord {
  const record = app.findRecordById('bot_instances', id)
  const tenant = record.getString('tenant')
  if (!mayEdit(caller, tenant)) throw refusalError([refuse('tenant', 'role_may_not')], caller.locale, 403)
  if (caller.type !== 'superuser' && app.findRecordById('tenants', tenant).getString('status') !== 'active') {
    throw refusalError([refuse('tenant', 'tenant_not_active')], caller.locale)
  }
  if (record.getString('desired_state') === 'deleted') return record
  record.ignoreUnchangedFields(true)
  record.set('desired_state', 'deleted')
  hand(record, caller)
  app.save(record)
  return record
}

/** `onRecordDelete`: whatever path it came by, only the finaliser's delete goes through. */
export function botDeleting(e: PbRecordEvent): void {
  if (!e.record.getBool('clean')) throw refusalError([refuse('id', 'only_by_finaliser')], 'en')
  e.next()
}

/** Which verbs make sense for a record now; for somebody who may only look, that is to open it. */
export function verbsOf(record: PbRecord, editor = true): Verb[] {
  return can({
    phase: record.getString('status') as Phase, desired: record.getString('desired_state') as DesiredState,
    suspended: record.getString('status') === 'suspended', url: record.getString('url'),
  }, editor)
}

/** Adds the verbs to what leaves, and keeps the caller that the record carried from leaving with it. */
export function shape(record: PbRecord, editor = true): PbRecord {
  record.set('can', verbsOf(record, editor))
  record.set(carriedField, '')
  record.hide(carriedField)
  return record.withCustomData(true)
}

/** `onRecordEnrich`: every record that leaves carries its verbs. */
export function botEnriched(e: PbEnrichEvent): void {
  shape(e.record, mayEdit(callerOf(e.requestInfo.auth, {}), e.record.getString('tenant')))
  e.next()
}
