import type { Outcome, Platform } from '../../fleet/ports.ts'
import type { Http } from '../coolify/http.ts'
import type { CallState } from '../../fleet/budget.ts'
import { coolify, supported } from '../coolify/client.ts'
import { admitCall, callsPerMinuteMax, settleCall } from '../../fleet/budget.ts'
import { connectionSettings, envInt } from './env.ts'
import { http } from './http.ts'
import { row, run } from './sql.ts'
import { dateText, epochMs } from './time.ts'

/** How often the version and the token of a connection are checked while it is used. */
const checkEveryMs = 600_000
const callTimeoutSeconds = 20

type Kept = { state: string; checked: string; call: CallState }

/**
 * The platform behind a connection. Around every call stand the call budget and the breaker (kept in the
 * `connections` row, so that a restart does not refill them) and a version check now and then.
 */
export function platformOf(app: PbApp, connection: string): Platform {
  const settings = connectionSettings(connection)
  if (settings.url === '' || settings.token === '') return refusing(unconfigured)
  const client = coolify({ ...settings, timeoutSeconds: callTimeoutSeconds }, budgeted(app, connection))
  return guarded((verb, given) => {
    const trouble = verb === 'version' ? null : check(app, connection, settings.url, client)
    if (trouble !== null) return trouble
    const outcome = (client[verb] as (...args: unknown[]) => Outcome<unknown>)(...given)
    note(app, connection, settings.url, outcome)
    return outcome
  })
}

type Wait = Extract<Outcome<never>, { kind: 'wait' }>
const unconfigured: Wait = { kind: 'wait', code: 'platform_unknown', message: 'no address or token is set for this connection', retryMs: 60_000 }

/** Thrown by the transport when the budget or the breaker holds a call back; never leaves this file. */
class HeldBack {
  constructor(readonly waitMs: number, readonly code: 'platform_budget' | 'platform_unreachable') {}
}

function budgeted(app: PbApp, connection: string): Http {
  return (request) => {
    // What a bot's own turn reads belongs to its change; sweeps, logs and version checks can wait for the reserve.
    const kind = /\/(resources|version)$|\/logs\?/.test(request.url) ? 'read' : 'mutation'
    let held: HeldBack | null = null
    app.runInTransaction((tx) => {
      const now = Date.now()
      const admitted = admitCall(read(tx, connection).call, kind, now, Math.max(2, envInt('COOLIFY_CALLS_PER_MINUTE', callsPerMinuteMax)))
      keep(tx, connection, admitted.state)
      if (!admitted.allow) held = new HeldBack(admitted.waitMs, admitted.state.openUntil > now ? 'platform_unreachable' : 'platform_budget')
    })
    if (held !== null) throw held
    const reply = http(request)
    const result = reply.kind === 'answer' || reply.kind === 'cut' ? 'ok' : 'transport_failure'
    app.runInTransaction((tx) => {
      const before = read(tx, connection).call
      const after = settleCall(before, result, Date.now())
      if (after.failures !== before.failures || after.openUntil !== before.openUntil) keep(tx, connection, after)
    })
    return reply
  }
}

function guarded(make: (verb: keyof Platform, given: unknown[]) => Outcome<unknown>): Platform {
  const verbs: (keyof Platform)[] = ['version', 'project', 'environment', 'find', 'create', 'update', 'variables', 'start', 'stop', 'restart', 'remove', 'look', 'removeEnvironment', 'sweep', 'logs']
  const platform: { [verb: string]: unknown } = {}
  for (const verb of verbs) {
    platform[verb] = (...given: unknown[]): Outcome<unknown> => {
      try {
        return make(verb, given)
      } catch (error) {
        if (!(error instanceof HeldBack)) throw error
        return { kind: 'wait', code: error.code, message: 'the call was held back', retryMs: Math.max(200, error.waitMs) }
      }
    }
  }
  return platform as unknown as Platform
}

function refusing(wait: Wait): Platform {
  return guarded(() => wait)
}

/** Reads the version when it is time; a connection that cannot be used says so before anything is sent. */
function check(app: PbApp, connection: string, url: string, client: Platform): Wait | null {
  const kept = read(app, connection)
  const fresh = Date.now() < epochMs(kept.checked) + checkEveryMs
  if (fresh && kept.state === 'ok') return null
  const version = client.version()
  note(app, connection, url, version)
  if (version.kind !== 'ok') {
    return version.kind === 'wait' ? version : { kind: 'wait', code: 'platform_unreachable', message: 'the version could not be read', retryMs: 15_000 }
  }
  const old = supported(version.value) === 'too_old'
  run(app, 'UPDATE connections SET version = {:version}, checked_at = {:at}, state = {:state}, reason = {:reason} WHERE name = {:connection}',
    { connection, version: version.value, at: dateText(Date.now()), state: old ? 'too_old' : 'ok', reason: old ? 'platform_too_old' : '' })
  return old ? { kind: 'wait', code: 'platform_too_old', message: `version ${version.value} is too old`, retryMs: 60_000 } : null
}

const states: { [code: string]: string } = {
  platform_unreachable: 'unreachable', platform_token_refused: 'unauthorised', platform_token_weak: 'forbidden',
  platform_ip_refused: 'forbidden', platform_api_disabled: 'disabled',
}

/** Keeps what the outcome says about the connection itself, for the cockpit; writes only on a change. */
function note(app: PbApp, connection: string, url: string, outcome: Outcome<unknown>): void {
  const code = outcome.kind === 'wait' ? outcome.code : ''
  const state = outcome.kind === 'wait' ? states[code] : outcome.kind === 'unknown' ? undefined : 'ok'
  if (state === undefined) return
  const kept = read(app, connection)
  if (kept.state === state || (state === 'ok' && kept.state === 'too_old')) return
  run(app, 'UPDATE connections SET state = {:state}, reason = {:code}, url = {:url}, checked_at = {:at} WHERE name = {:connection}',
    { connection, state, code, url, at: state === 'ok' ? '' : dateText(Date.now()) })
}

function read(app: PbApp, connection: string): Kept {
  const found = row<Kept>(app, `SELECT json_object('state', state, 'checked', checked_at, 'call',
    json_object('tokens', tokens, 'tokensAt', tokens_at, 'failures', failures, 'openUntil', open_until)) AS j FROM connections WHERE name = {:connection}`, { connection })
  if (found !== null) return found
  run(app, `INSERT INTO connections (name, url, state, reason, version, checked_at, tokens, tokens_at, failures, open_until)
    VALUES ({:connection}, '', 'unknown', '', '', '', 0, 0, 0, 0) ON CONFLICT (name) DO NOTHING`, { connection })
  return { state: 'unknown', checked: '', call: { tokens: 0, tokensAt: 0, failures: 0, openUntil: 0 } }
}

function keep(tx: PbApp, connection: string, call: CallState): void {
  run(tx, 'UPDATE connections SET tokens = {:tokens}, tokens_at = {:at}, failures = {:failures}, open_until = {:open} WHERE name = {:connection}',
    { connection, tokens: call.tokens, at: call.tokensAt, failures: call.failures, open: call.openUntil })
}
