import type { Bot, BotAction, Command, DesiredState, Phase } from '../../fleet/bot.ts'
import type { Bots, Held, Marks, Recorded } from '../../fleet/store.ts'
import { startJobMs } from '../../fleet/bounds.ts'
import { wantsOff } from '../../fleet/plan.ts'
import { LOG_STEPS } from '../../fleet/log.ts'
import { plainLine, redact } from '../../tenancy/redact.ts'
import { dateText, epochMs } from './time.ts'
import { row, run } from './sql.ts'
import { renderSpec } from './spec.ts'
import { placeBot, retireHost } from './places.ts'
import { hiddenValues } from './secrets.ts'

type Row = {
  id: string; tenant: string; name: string; slug: string; host: string; url: string; desired: DesiredState; suspended: number
  cpu: number; memory: number; disk: number; generation: number; observed: number; actionKind: '' | BotAction; actionGeneration: number
  phase: Phase; reason: string; since: string; server: string; version: string; answers: { [key: string]: unknown } | null
  specHash: string; triedAt: string; service: string; command: Command; commandAt: string; acked: number; commandHash: string
  commandGeneration: number; repeats: number; misses: number; unsureAt: string; home: string; composeHash: string; keys: string[] | null; seenAt: string
  connection: string; platformServer: string; project: string; volumes: number
}

const select = `SELECT json_object('id', b.id, 'tenant', b.tenant, 'name', b.name, 'slug', b.slug, 'host', b.host, 'url', b.url,
  'desired', b.desired_state, 'suspended', t.status != 'active', 'cpu', b.cpu_milli, 'memory', b.memory_mib, 'disk', b.disk_mib,
  'generation', b.generation, 'observed', b.observed_generation, 'actionKind', b.action_kind, 'actionGeneration', b.action_generation,
  'phase', b.status, 'reason', b.status_reason, 'since', b.status_since, 'server', b.server, 'version', b.template_version,
  'answers', json(coalesce(b.answers, 'null')), 'specHash', b.spec_hash, 'triedAt', b.tried_at, 'service', b.platform_service,
  'command', b.command, 'commandAt', b.command_at, 'acked', b.command_acked, 'commandHash', b.command_hash,
  'commandGeneration', b.command_generation, 'repeats', b.repeats, 'misses', b.misses, 'unsureAt', b.unsure_at, 'home', b.platform_project, 'composeHash', b.compose_hash, 'keys', json(coalesce(b.applied_keys, 'null')),
  'seenAt', b.last_seen_at, 'connection', coalesce(s.connection, ''), 'platformServer', coalesce(s.platform_uuid, ''),
  'project', coalesce(h.project_uuid, ''), 'volumes', coalesce(json_array_length(v.spec, '$.volumes'), 0)) AS j
  FROM bot_instances b JOIN tenants t ON t.id = b.tenant LEFT JOIN servers s ON s.id = b.server
  LEFT JOIN tenant_homes h ON h.tenant = b.tenant AND h.connection = s.connection
  LEFT JOIN bot_template_versions v ON v.id = b.template_version WHERE b.id = {:id}`

/** The bots of PocketBase, as the fleet's turns need them. */
export function botsOf(app: PbApp): Bots {
  return {
    read: (id) => readHeld(app, id),
    place: (id) => placeBot(app, id),
    mark: (id, marks) => mark(app, id, marks),
    claimStart: (held, marks, inFlightMax, now) => claimStart(app, held, marks, inFlightMax, now),
    keepProject: (tenant, connection, project) => row<string>(app, `INSERT INTO tenant_homes (tenant, connection, project_uuid)
      VALUES ({:tenant}, {:connection}, {:project}) ON CONFLICT (tenant, connection) DO UPDATE
      SET project_uuid = CASE WHEN project_uuid = '' OR excluded.project_uuid = '' THEN excluded.project_uuid ELSE project_uuid END
      RETURNING json_quote(project_uuid) AS j`, { tenant, connection, project }) ?? project,
    record: (id, recorded) => record(app, id, recorded),
    finalise: (id) => finalise(app, id),
  }
}

function readHeld(app: PbApp, id: string): Held | null {
  const found = row<Row>(app, select, { id })
  if (found === null) return null
  const bot = botOf(found)
  const idle = wantsOff(bot) || bot.desired === 'deleted' || bot.server === ''
  const rendered = idle ? { spec: null, trouble: null } : renderSpec(app, { ...found, answers: found.answers ?? {} })
  return {
    bot: { ...bot, wantedHash: rendered.spec?.hash ?? '' },
    spec: rendered.spec, trouble: rendered.trouble,
    connection: found.connection, platformServer: found.platformServer, project: found.project, home: found.home, composeHash: found.composeHash,
    appliedKeys: found.keys ?? [], lastSeenAt: epochMs(found.seenAt),
  }
}

/** Instants from before a clock was set back count as now, or a bot would wait for the old time to come again. */
function botOf(found: Row): Bot {
  const now = Date.now()
  const past = (text: string) => Math.min(epochMs(text), now)
  return {
    id: found.id, tenant: found.tenant, name: found.name, desired: found.desired, suspended: found.suspended === 1,
    cpuMilli: found.cpu, memoryMib: found.memory, diskMib: found.disk,
    generation: found.generation, observedGeneration: found.observed,
    actionKind: found.actionKind, actionGeneration: found.actionGeneration,
    phase: found.phase, reason: found.reason, phaseSince: past(found.since), server: found.server, hasVolumes: found.volumes > 0,
    wantedHash: '', specHash: found.specHash, triedAt: past(found.triedAt), unsureAt: past(found.unsureAt), serviceUuid: found.service,
    command: found.command, commandAt: past(found.commandAt), commandAcked: found.acked === 1, commandHash: found.commandHash,
    commandGeneration: found.commandGeneration, repeats: found.repeats, misses: found.misses,
  }
}

/** Which column a mark is kept in, and how. */
const columns: { [mark in keyof Required<Marks>]: [string, (value: never) => unknown] } = {
  triedAt: ['tried_at', dateText], serviceUuid: ['platform_service', String], specHash: ['spec_hash', String],
  appliedKeys: ['applied_keys', JSON.stringify], command: ['command', String], commandAt: ['command_at', dateText],
  commandAcked: ['command_acked', (value: boolean) => (value ? 1 : 0)], commandHash: ['command_hash', String],
  commandGeneration: ['command_generation', Number], repeats: ['repeats', Number], misses: ['misses', Number],
  lastSeenAt: ['last_seen_at', dateText], unsureAt: ['unsure_at', dateText], home: ['platform_project', String], composeHash: ['compose_hash', String],
}

/** Marks are plain SQL: they are no news for a customer, so they wake no subscriber. */
function mark(app: PbApp, id: string, marks: Marks): void {
  const names = Object.keys(marks) as (keyof Marks)[]
  if (names.length === 0) return
  const params: { [name: string]: unknown } = { id }
  for (const name of names) params[name] = (columns[name][1] as (value: unknown) => unknown)(marks[name])
  run(app, `UPDATE bot_instances SET ${names.map((name) => `${columns[name][0]} = {:${name}}`).join(', ')} WHERE id = {:id}`, params)
}

/** A start is in flight until a sweep after it saw something else than `starting`, or its job must have ended. */
function claimStart(app: PbApp, held: Held, marks: Marks, inFlightMax: number, now: number): boolean {
  let claimed = false
  app.runInTransaction((tx) => {
    const flying = row<number>(tx, `SELECT count(*) AS j FROM bot_instances b JOIN servers s ON s.id = b.server
      LEFT JOIN seen_services n ON n.server = b.server AND n.service_uuid = b.platform_service
      WHERE s.connection = {:connection} AND b.id != {:id} AND b.command IN ('start', 'restart') AND b.command_at > {:since}
        AND (coalesce(n.at, '') <= b.command_at OR n.state = 'starting')`,
    { connection: held.connection, id: held.bot.id, since: dateText(now - startJobMs) })
    if ((flying ?? 0) >= inFlightMax) return
    mark(tx, held.bot.id, marks)
    claimed = true
  })
  return claimed
}

const messageLengthMax = 500

function record(app: PbApp, id: string, recorded: Recorded): void {
  app.runInTransaction((tx) => {
    const stored = tx.findRecordById('bot_instances', id)
    const secrets = recorded.message === '' && recorded.lines.every((line) => (line.params['detail'] ?? '') === '')
      ? [] : hiddenValues(tx, id)
    const clean = (text: string) => redact(plainLine(text, messageLengthMax), secrets)
    stored.ignoreUnchangedFields(true)
    const newer = stored.getInt('generation') !== recorded.generation
    const before = { phase: stored.getString('status'), reason: stored.getString('status_reason') }
    const { phase, reason } = recorded.status
    if (!newer) {
      if (before.phase !== phase) stored.set('status_since', dateText(recorded.at))
      if (phase === 'running' && stored.getString('ready_at') === '') stored.set('ready_at', dateText(recorded.at))
      stored.set('status', phase)
      stored.set('status_reason', reason)
      stored.set('status_message', clean(recorded.message))
      if (recorded.observed) stored.set('observed_generation', recorded.generation)
    }
    stored.set('log_seq', appendLog(tx, stored, recorded, clean))
    tx.save(stored)
    if (!newer && before.phase !== phase) appendState(tx, stored, recorded.at)
  })
}

/** Writes the lines of a turn; answers the last line's number. */
function appendLog(tx: PbApp, stored: PbRecord, recorded: Recorded, clean: (text: string) => string): number {
  let seq = stored.getInt('log_seq')
  for (const line of recorded.lines) {
    const params: { [name: string]: string } = {}
    for (const name of Object.keys(line.params)) params[name] = clean(line.params[name] ?? '')
    addLogLine(tx, { bot: stored.id, tenant: stored.getString('tenant'), seq: ++seq, generation: recorded.generation, ...line, params, at: recorded.at })
  }
  return seq
}

export type StoredLine = {
  bot: string; tenant: string; seq: number; generation: number; step: keyof typeof LOG_STEPS
  level: 'info' | 'warn' | 'error'; params: { [name: string]: string }; at: number
}

/** One line of a bot's history. The text is kept in English; the portal says it in the customer's language. */
export function addLogLine(tx: PbApp, line: StoredLine): void {
  const message = LOG_STEPS[line.step].en.replace(/\{(\w+)\}/g, (_whole, name: string) => line.params[name] ?? '').trim()
  run(tx, `INSERT INTO deploy_logs (bot, tenant, seq, generation, operation, step, level, message, params, at)
    VALUES ({:bot}, {:tenant}, {:seq}, {:generation}, 'fleet', {:step}, {:level}, {:message}, {:params}, {:at})`,
  { ...line, message, params: JSON.stringify(line.params), at: dateText(line.at) })
}

/** The row that allocation metering is computed from: what state began when, and how large the bot was. */
export function appendState(tx: PbApp, stored: PbRecord, at: number): void {
  run(tx, `INSERT INTO bot_states (bot, tenant, at, status, reason, cpu_milli, memory_mib, disk_mib, server)
    VALUES ({:bot}, {:tenant}, {:at}, {:status}, {:reason}, {:cpu}, {:memory}, {:disk}, {:server})`,
  {
    bot: stored.id, tenant: stored.getString('tenant'), at: dateText(at), status: stored.getString('status'),
    reason: stored.getString('status_reason'), cpu: stored.getInt('cpu_milli'), memory: stored.getInt('memory_mib'),
    disk: stored.getInt('disk_mib'), server: stored.getString('server'),
  })
}

/** The platform is clean: the row goes, and with it its secrets and cached log; its history stays. */
function finalise(app: PbApp, id: string): void {
  app.runInTransaction((tx) => {
    const stored = tx.findRecordById('bot_instances', id)
    const now = Date.now()
    run(tx, 'UPDATE bot_instances SET clean = 1 WHERE id = {:id}', { id })
    run(tx, 'DELETE FROM bot_secrets WHERE bot = {:id}', { id })
    run(tx, 'DELETE FROM bot_logs WHERE bot = {:id}', { id })
    run(tx, "DELETE FROM work WHERE queue = 'logs' AND key = {:id}", { id })
    if (stored.getString('ready_at') !== '') retireHost(tx, stored.getString('host'), stored.getString('tenant'), now)
    const seq = stored.getInt('log_seq') + 1
    addLogLine(tx, { bot: id, tenant: stored.getString('tenant'), seq, generation: stored.getInt('generation'), step: 'finalised', level: 'info', params: {}, at: now })
    run(tx, `INSERT INTO bot_states (bot, tenant, at, status, reason, cpu_milli, memory_mib, disk_mib, server)
      VALUES ({:id}, {:tenant}, {:at}, 'deleted', 'deleting', 0, 0, 0, '')`, { id, tenant: stored.getString('tenant'), at: dateText(now) })
    tx.delete(tx.findRecordById('bot_instances', id))
  })
}

