import type { Bot, BotAction, DesiredState, Phase } from '../../fleet/bot.ts'
import type { Admitted, Wish } from '../../fleet/admit.ts'
import type { IntentChange } from '../../fleet/status.ts'
import type { Caller } from './caller.ts'
import { admitCreate, admitUpdate } from '../../fleet/admit.ts'
import { missingGenerated } from '../../catalogue/answers.ts'
import { refuse } from '../../tenancy/refusal.ts'
import { statusOnIntent } from '../../fleet/status.ts'
import { handed } from './caller.ts'
import { audit } from './audit.ts'
import { addLogLine, appendState } from './bots.ts'
import { refusalError } from './errors.ts'
import { addressOf } from './places.ts'
import { secretsSet, writeSecrets } from './secrets.ts'
import { dateText, epochMs } from './time.ts'
import { due, notLaterThan, poke } from './work.ts'
import { offerOf, versionSpec } from './versions.ts'
import { row, run } from './sql.ts'
import { worldOf } from './world.ts'

/**
 * `onRecordCreate` of bots: judges, encrypts, places and stores a new bot with its due work, all in one
 * transaction, whichever door it came through.
 */
export function botCreating(e: PbRecordEvent): void {
  const app = e.app
  const { record } = e
  const caller = handed(record)
  const now = Date.now()
  try {
    app.runInTransaction((tx) => {
      e.app = tx
      const tenant = record.getString('tenant')
      const wish = wishOf(record, {})
      record.set('secrets', null)
      record.set('action', '')
      const world = worldOf(tx, tenant, '', record.getString('template_version'), false, now)
      const { refusals, admitted } = admitCreate(wish, world)
      if (admitted === null) throw refusalError(refusals, caller.locale)
      if (record.id === '') record.set('id', $security.randomStringWithAlphabet(15, 'abcdefghijklmnopqrstuvwxyz0123456789'))
      fill(tx, record, admitted, wish.desired, caller, now)
      const generated = generate(record.getString('template_version'), tx, Object.keys(admitted.secrets))
      writeSecrets(tx, tenant, record.id, { ...admitted.secrets, ...generated }, now)
      record.set('secrets_set', secretsSet(tx, record.id))
      e.next()
      accept(tx, record, caller, 'create', [], now)
      appendState(tx, record, now)
    })
  } finally {
    e.app = app
  }
  poke(app)
}

function fill(tx: PbApp, record: PbRecord, admitted: Admitted, desired: DesiredState, caller: Caller, now: number): void {
  const address = admitted.server === '' ? { host: '', url: '' } : addressOf(tx, admitted.server, admitted.slug)
  const status = statusOnIntent({
    ...botOf(record), desired, server: admitted.server, serviceUuid: '', triedAt: 0, command: '',
  }, 'created')
  const fields: { [field: string]: unknown } = {
    name: admitted.name, slug: admitted.slug, answers: admitted.answers, cpu_milli: admitted.cpuMilli, memory_mib: admitted.memoryMib,
    disk_mib: admitted.diskMib, desired_state: desired, server: admitted.server, ...address, generation: 1, observed_generation: status.phase === 'stopped' ? 1 : 0,
    revision: 1, log_seq: 1, status: status.phase, status_reason: status.reason, status_since: dateText(now), created_by: caller.id,
  }
  for (const field of Object.keys(fields)) record.set(field, fields[field])
}

/** Values for questions of kind `generated`, made once and never again. */
function generate(version: string, tx: PbApp, have: string[]): { [key: string]: string } {
  const values: { [key: string]: string } = {}
  const spec = versionSpec(tx, version)
  if (spec === null) return values
  for (const wanted of missingGenerated(spec, have)) {
    const alphabet = wanted.encoding === 'hex' ? '0123456789abcdef' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const length = wanted.encoding === 'hex' ? wanted.bytes * 2 : Math.ceil((wanted.bytes * 4) / 3)
    values[wanted.key] = $security.randomStringWithAlphabet(length, alphabet)
  }
  return values
}

/** `onRecordUpdate` of bots: a change of an intent field is judged like a create; any other save passes. */
export function botUpdating(e: PbRecordEvent): void {
  const app = e.app
  const { record } = e
  record.ignoreUnchangedFields(true)
  const changed = changedIntent(record)
  if (changed.length === 0) {
    record.set('secrets', null)
    e.next()
    return
  }
  const caller = handed(record)
  const now = Date.now()
  try {
    app.runInTransaction((tx) => {
      e.app = tx
      const revision = raiseRevision(tx, record, caller)
      const change = judge(tx, record, changed, caller, now)
      record.set('revision', revision)
      if (change !== null) raiseGeneration(record, change, now)
      record.set('log_seq', record.getInt('log_seq') + 1)
      e.next()
      writeThrough(tx, record)
      accept(tx, record, caller, change ?? 'rename', changed, now)
      if (record.getString('status') !== record.original().getString('status')) appendState(tx, record, now)
    })
  } finally {
    e.app = app
  }
  poke(app)
}

const intentFields = ['name', 'template_version', 'cpu_milli', 'memory_mib', 'disk_mib', 'desired_state', 'custom_domain', 'slug', 'tenant'] as const

function changedIntent(record: PbRecord): string[] {
  const before = record.original()
  const changed: string[] = intentFields.filter((field) => record.getString(field) !== before.getString(field))
  const answers = jsonOf(record, 'answers')
  const stored = jsonOf(before, 'answers')
  const otherAnswers = Object.keys(answers).filter((key) => answers[key] !== stored[key])
  if (otherAnswers.length > 0) changed.push('answers')
  if (record.getString('action') !== '') changed.push('action')
  if (!emptyJson(record.getString('secrets'))) changed.push('secrets')
  return changed
}

const emptyJson = (text: string): boolean => text === '' || text === 'null' || text === '{}'

/** Compares and raises the revision in one statement, so that of many editors with one If-Match one wins. */
function raiseRevision(tx: PbApp, record: PbRecord, caller: Caller): number {
  const expected = caller.revision
  const raised = row<number>(tx, `UPDATE bot_instances SET revision = revision + 1 WHERE id = {:id}
    AND ({:expected} < 0 OR revision = {:expected}) RETURNING revision AS j`, { id: record.id, expected: typeof expected === 'number' ? expected : -1 })
  if (raised === null) throw refusalError([refuse('revision', 'revision_conflict')], caller.locale, 412)
  return raised
}

/**
 * Judges the change against the row as it is now inside the transaction, and puts the outcome into the record.
 * @returns what kind of intent it is; null when nothing on the platform has to change (a rename)
 */
function judge(tx: PbApp, record: PbRecord, changed: string[], caller: Caller, now: number): IntentChange | null {
  const current = tx.findRecordById('bot_instances', record.id)
  const deleting = record.getString('desired_state') === 'deleted'
  const wish = wishOf(record, jsonOf(current, 'answers'))
  const action = record.getString('action') as '' | BotAction
  record.set('secrets', null)
  record.set('action', '')
  for (const field of ['generation', 'log_seq', 'status', 'status_reason', 'status_message', 'status_since', 'action_kind', 'action_generation', 'repeats', 'misses']) {
    record.set(field, current.getString(field))
  }
  if (deleting) return current.getString('desired_state') === 'deleted' ? null : 'state'
  const tenant = record.getString('tenant')
  const version = record.getString('template_version')
  const moved = version !== current.getString('template_version')
  const refusals = fixed(tx, record, current, moved)
  const world = worldOf(tx, tenant, record.id, version, !moved, now)
  const standing = { ...sizeOf(current), server: current.getString('server'), slug: current.getString('slug'), desired: current.getString('desired_state') as DesiredState, versionChanged: moved }
  const judged = admitUpdate(wish, standing, world)
  refusals.push(...judged.refusals)
  if (refusals.length > 0 || judged.admitted === null) throw refusalError(refusals, caller.locale)
  return apply(tx, record, judged.admitted, { changed, action, now })
}

function fixed(tx: PbApp, record: PbRecord, current: PbRecord, moved: boolean) {
  const refusals = []
  if (record.getString('tenant') !== current.getString('tenant')) refusals.push(refuse('tenant', 'tenant_fixed'))
  if (moved) {
    const from = offerOf(tx, current.getString('template_version'))
    const to = offerOf(tx, record.getString('template_version'))
    if (from !== null && to !== null && from.template !== to.template) refusals.push(refuse('template_version', 'template_fixed'))
  }
  return refusals
}

type Applying = { changed: string[]; action: '' | BotAction; now: number }

function apply(tx: PbApp, record: PbRecord, admitted: Admitted, what: Applying): IntentChange | null {
  const { changed, action, now } = what
  record.set('name', admitted.name)
  record.set('slug', admitted.slug)
  record.set('answers', admitted.answers)
  record.set('cpu_milli', admitted.cpuMilli)
  record.set('memory_mib', admitted.memoryMib)
  record.set('disk_mib', admitted.diskMib)
  const generated = generate(record.getString('template_version'), tx, Object.keys(secretsSet(tx, record.id)))
  const secrets = { ...admitted.secrets, ...generated }
  if (Object.keys(secrets).length > 0) {
    writeSecrets(tx, record.getString('tenant'), record.id, secrets, now)
    record.set('secrets_set', secretsSet(tx, record.id))
  }
  if (action !== '') {
    record.set('action_kind', action)
    record.set('action_generation', record.getInt('generation') + 1)
  }
  if (changed.includes('desired_state')) return 'state'
  if (action !== '') return 'action'
  return changed.some((field) => field !== 'name' && field !== 'custom_domain') ? 'spec' : null
}

function raiseGeneration(record: PbRecord, change: IntentChange, now: number): void {
  record.set('generation', record.getInt('generation') + 1)
  const status = statusOnIntent(botOf(record), change)
  record.set('status', status.phase)
  record.set('status_reason', status.reason)
  record.set('status_message', '')
  record.set('status_since', dateText(now))
  record.set('repeats', 0)
  record.set('misses', 0)
}

/** A step may have written these since the record was loaded; PocketBase then takes them for unchanged and leaves them out. */
function writeThrough(tx: PbApp, record: PbRecord): void {
  run(tx, `UPDATE bot_instances SET generation = {:generation}, status = {:status}, status_reason = {:reason}, status_message = {:message},
    status_since = {:since}, log_seq = {:seq}, repeats = {:repeats}, misses = {:misses} WHERE id = {:id}`,
  {
    id: record.id, generation: record.getInt('generation'), status: record.getString('status'), reason: record.getString('status_reason'),
    message: record.getString('status_message'), since: record.getString('status_since'), seq: record.getInt('log_seq'),
    repeats: record.getInt('repeats'), misses: record.getInt('misses'),
  })
}

/** What every accepted intent leaves behind: due work, a line in the bot's log, an audit row. */
function accept(tx: PbApp, record: PbRecord, caller: Caller, what: string, changed: string[], now: number): void {
  const tenant = record.getString('tenant')
  const plain = what === 'action' ? record.getString('action_kind') : what === 'state' ? record.getString('desired_state') : what
  const verb = record.getString('desired_state') === 'deleted' ? 'delete' : plain
  const atRest = what === 'create' && record.getString('status') === 'stopped'
  if (what !== 'rename' && !atRest) due(tx, 'fleet', record.id, tenant, now)
  if (record.getString('server') !== '' && what !== 'create' && what !== 'rename') notLaterThan(tx, 'sweep', record.getString('server'), now + 1500)
  addLogLine(tx, {
    bot: record.id, tenant, seq: record.getInt('log_seq'), generation: record.getInt('generation'), step: 'accepted',
    level: 'info', params: { what: verb }, at: now,
  })
  audit(tx, caller, { tenant, action: `bot.${verb}`, targetType: 'bot_instances', target: record.id, detail: { name: record.getString('name'), changed } }, now)
}

function sizeOf(record: PbRecord) {
  return { cpuMilli: record.getInt('cpu_milli'), memoryMib: record.getInt('memory_mib'), diskMib: record.getInt('disk_mib') }
}

/** The wish that a record carries; answers that are not given stay as they are, null resets one. */
function wishOf(record: PbRecord, before: { [key: string]: unknown }): Wish {
  const answers = { ...before, ...jsonOf(record, 'answers') }
  for (const key of Object.keys(answers)) if (answers[key] === null) delete answers[key]
  return {
    ...sizeOf(record), name: record.getString('name'), desired: (record.getString('desired_state') || 'running') as DesiredState,
    slug: record.getString('slug'), customDomain: record.getString('custom_domain'), answers, secrets: jsonOf(record, 'secrets'),
  }
}

/** A JSON field as an object; anything else counts as empty (its shape was checked at the request). */
function jsonOf(record: PbRecord, field: string): { [key: string]: unknown } {
  const text = record.getString(field)
  if (emptyJson(text)) return {}
  const value: unknown = JSON.parse(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as { [key: string]: unknown }) : { '': value }
}

/** The bot as `statusOnIntent` sees it. */
function botOf(record: PbRecord): Bot {
  return {
    ...sizeOf(record), id: record.id, tenant: record.getString('tenant'), name: record.getString('name'),
    desired: (record.getString('desired_state') || 'running') as DesiredState, suspended: record.getString('status') === 'suspended',
    generation: record.getInt('generation'), observedGeneration: record.getInt('observed_generation'),
    actionKind: record.getString('action_kind') as '' | BotAction, actionGeneration: record.getInt('action_generation'),
    phase: record.getString('status') as Phase, reason: record.getString('status_reason'), phaseSince: 0,
    server: record.getString('server'), hasVolumes: false, wantedHash: '', specHash: record.getString('spec_hash'),
    triedAt: epochMs(record.getString('tried_at')), unsureAt: 0, serviceUuid: record.getString('platform_service'),
    command: record.getString('command') as Bot['command'], commandAt: 0, commandAcked: false,
    commandHash: '', commandGeneration: 0, repeats: 0, misses: 0,
  }
}
