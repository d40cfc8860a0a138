import type { Caller } from './caller.ts'
import type { Verb } from '../../fleet/can.ts'
import { checkBody } from '../../fleet/body.ts'
import { refuse } from '../../tenancy/refusal.ts'
import { bodyOf, callerOf, hand } from './caller.ts'
import { refusalError } from './errors.ts'
import { mayEdit, prepareNew, shape, verbsOf, wantDeleted } from './requests.ts'

/** The REST verbs are thin: they write the same intents that a record edit would, and answer 202 with the record. */
export const REST_VERBS = ['start', 'stop', 'restart', 'redeploy', 'destroy'] as const

function signedIn(e: PbRouteEvent): Caller {
  if (e.auth === null) throw new UnauthorizedError('Please sign in.')
  return callerOf(e.auth, e.requestInfo().headers)
}

/** `POST /api/bots`: the body of a create, the answer 202 with the record. */
export function botDeployed(e: PbRouteEvent): void {
  const caller = signedIn(e)
  const body = bodyOf(e.requestInfo())
  const refusals = checkBody(body, 'create', caller.type === 'superuser')
  if (refusals.length > 0) throw refusalError(refusals, caller.locale)
  const record = new Record(e.app.findCollectionByNameOrId('bot_instances'))
  for (const field of Object.keys(body)) record.set(field, body[field])
  prepareNew(record, caller, String(body['tenant'] ?? ''))
  e.app.save(record)
  answer(e, record)
}

/** `POST /api/bots/{id}/{verb}`. */
export function botOrdered(e: PbRouteEvent): void {
  const caller = signedIn(e)
  const verb = e.request.pathValue('verb')
  if (!(REST_VERBS as readonly string[]).includes(verb)) throw new NotFoundError('There is no such verb.')
  const record = find(e, caller)
  const possible = verbsOf(record)
  if (verb === 'destroy') {
    answer(e, wantDeleted(e.app, record.id, caller))
    return
  }
  if (!possible.includes(verb as Verb)) {
    const options = possible.filter((one) => one !== 'open' && one !== 'edit').join(', ')
    throw refusalError([refuse('desired_state', 'verb_not_possible', { options })], caller.locale, 409)
  }
  order(record, verb)
  record.ignoreUnchangedFields(true)
  hand(record, caller)
  e.app.save(record)
  answer(e, record)
}

/** A start of a bot that failed is a restart of what it should be; otherwise a verb is one field. */
function order(record: PbRecord, verb: string): void {
  if (verb === 'stop') record.set('desired_state', 'stopped')
  else if (verb === 'start' && record.getString('desired_state') === 'stopped') record.set('desired_state', 'running')
  else record.set('action', verb === 'start' ? 'restart' : verb)
}

/** The bot, if the caller may change it; another tenant's bot does not exist for him. */
function find(e: PbRouteEvent, caller: Caller): PbRecord {
  let record: PbRecord
  try {
    record = e.app.findRecordById('bot_instances', e.request.pathValue('id'))
  } catch {
    throw refusalError([refuse('id', 'bot_unknown')], caller.locale, 404)
  }
  const tenant = record.getString('tenant')
  if (caller.type !== 'superuser' && caller.tenant !== tenant) throw refusalError([refuse('id', 'bot_unknown')], caller.locale, 404)
  if (!mayEdit(caller, tenant)) throw refusalError([refuse('tenant', 'role_may_not')], caller.locale, 403)
  return record
}

function answer(e: PbRouteEvent, record: PbRecord): void {
  e.json(202, shape(record))
}
