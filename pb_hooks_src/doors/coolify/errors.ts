import type { Outcome } from '../../fleet/ports.ts'
import type { HttpReply } from './http.ts'

/** Without a clear answer a `mutation` may have happened, and a `read` has lost nothing. */
export type Effect = 'read' | 'mutation'
export type Failure = Exclude<Outcome<never>, { kind: 'ok' }>
export type Silence = Exclude<HttpReply, { kind: 'answer' }>

/** A whole answer, read as far as an error needs it. */
export type Said = {
  status: number
  headers: Record<string, string>
  text: string
  /** Undefined when the body is not JSON: then a proxy answered, or Coolify broke. */
  json: unknown
  /** Coolify's own sentence: every error of its API has one. Empty when there is none. */
  message: string
  /** The second sentence that some errors have. */
  error: string
}

const second = 1000
export const unreachableRetryMs = 15 * second
export const tokenRetryMs = 60 * second
export const busyRetryMs = 30 * second
const busyRetryMsMax = 300 * second
export const stillDeletingRetryMs = 5 * second
const quoteLengthMax = 200

/** What an error means; its message is added by `failureOf`. */
type Meaning =
  | { kind: 'gone' }
  | { kind: 'refused'; code: string }
  | { kind: 'wait'; code: string; retryMs: number }

type Rule = {
  status: number
  /** Tested against Coolify's sentences. */
  says?: RegExp
  /** A key that the answer must have. */
  has?: string
  /** The rule holds for an answer without a sentence, too: a proxy in front of Coolify gave it. */
  proxy?: true
  then: (said: Said) => Meaning
}

const wait = (code: string, retryMs: number): Rule['then'] => () => ({ kind: 'wait', code, retryMs })
const refused = (code: string): Rule['then'] => () => ({ kind: 'refused', code })
const gone: Rule['then'] = () => ({ kind: 'gone' })

/**
 * What Coolify's errors mean, first match wins (controllers and middleware of 4.2.0 to 4.3.23). None of them
 * happened. Only Coolify's own 404 means gone: its proxy answers 404, too, while Coolify itself is down.
 */
const RULES: readonly Rule[] = [
  { status: 400, says: /^invalid token/i, then: wait('platform_token_refused', tokenRetryMs) },
  { status: 400, says: /has resources/i, then: wait('platform_still_deleting', stillDeletingRetryMs) },
  { status: 400, says: /container is not running/i, then: refused('container_not_running') },
  { status: 400, then: refused('platform_refused') },
  { status: 401, proxy: true, then: wait('platform_token_refused', tokenRetryMs) },
  { status: 403, says: /api is disabled/i, then: wait('platform_api_disabled', tokenRetryMs) },
  { status: 403, says: /not allowed to access/i, then: wait('platform_ip_refused', tokenRetryMs) },
  { status: 403, says: /./, then: wait('platform_token_weak', tokenRetryMs) },
  { status: 403, proxy: true, then: wait('platform_ip_refused', tokenRetryMs) },
  { status: 404, says: /container not found/i, then: refused('container_not_running') },
  { status: 404, has: 'docs', then: refused('platform_route_missing') },
  { status: 404, says: /not found|no query results/i, then: gone },
  { status: 405, says: /./, then: refused('platform_refused') },
  { status: 409, has: 'conflicts', then: refused('domain_taken') },
  { status: 409, says: /domain/i, then: refused('domain_taken') },
  { status: 409, then: refused('platform_refused') },
  { status: 413, proxy: true, then: refused('platform_refused') },
  { status: 422, then: refused('platform_refused') },
  { status: 429, proxy: true, then: (said) => wait('platform_busy', retryAfterMs(said))(said) },
]

/** Reads one answer; a body that is no JSON or has no sentence is not taken for Coolify's word. */
export function saidOf(reply: Extract<HttpReply, { kind: 'answer' }>): Said {
  const json = parse(reply.text)
  const fields = isObject(json) ? json : {}
  const sentence = (key: string): string => (typeof fields[key] === 'string' ? (fields[key] as string) : '')
  const { status, headers, text } = reply
  return { status, headers, text, json, message: sentence('message'), error: sentence('error') }
}

/**
 * The outcome of an answer that is no success.
 * @param does what was asked, in English, as `create the service`
 * @param quiet nothing of the answer is quoted: the call carried secrets, and an answer may repeat them
 */
export function failureOf(said: Said, effect: Effect, does: string, quiet: boolean): Failure {
  if (said.status >= 300 && said.status < 400) return redirected(does)
  const rule = RULES.find((candidate) => matches(candidate, said))
  if (rule === undefined) return unclear(effect, `${does}: ${strange(said)}`)
  const found = rule.then(said)
  if (found.kind === 'gone') return found
  return { ...found, message: `${does}: ${quiet ? plain(said) : quoted(said)}` }
}

/** The outcome of a call that brought no whole answer. */
export function silenceOf(reply: Silence, effect: Effect, does: string): Failure {
  if (reply.kind === 'cut') return unclear(effect, `${does}: the answer ${reply.status} was cut off`)
  const message = `${does}: ${causeOf(reply.message)}`
  if (reply.kind === 'lost') return unclear(effect, message)
  return { kind: 'wait', code: 'platform_unreachable', message, retryMs: unreachableRetryMs }
}

/** No clear answer: a mutation may have happened, a read is simply repeated. */
export function unclear(effect: Effect, message: string): Failure {
  return effect === 'mutation' ? { kind: 'unknown', message }
    : { kind: 'wait', code: 'platform_unreachable', message, retryMs: unreachableRetryMs }
}

/** A redirect that the transport did not follow: nothing happened, and the address has to be set right. */
function redirected(does: string): Failure {
  const message = `${does}: the platform redirects; its address has to be the final one`
  return { kind: 'wait', code: 'platform_unreachable', message, retryMs: unreachableRetryMs }
}

function matches(rule: Rule, said: Said): boolean {
  if (rule.status !== said.status) return false
  if (rule.proxy === true) return true
  if (rule.has !== undefined && !(isObject(said.json) && rule.has in said.json)) return false
  return said.message !== '' && (rule.says === undefined || rule.says.test(`${said.message} ${said.error}`))
}

/** Seconds are what Laravel sends; a date or nonsense falls back. */
function retryAfterMs(said: Said): number {
  const name = Object.keys(said.headers).find((key) => key.toLowerCase() === 'retry-after')
  const given = name === undefined ? '' : (said.headers[name] ?? '').trim()
  if (!/^\d{1,6}$/.test(given)) return busyRetryMs
  return Math.min(busyRetryMsMax, Math.max(1, Number(given)) * second)
}

/** The fields that we send. Others cannot be refused, and so a value in a field's place is never repeated. */
const FIELDS = [
  'name', 'description', 'project_uuid', 'server_uuid', 'environment_name', 'environment_uuid',
  'destination_uuid', 'docker_compose_raw', 'urls', 'url', 'instant_deploy', 'data', 'key', 'value',
  'is_literal', 'is_multiline', 'is_shown_once',
]

function plain(said: Said): string {
  const errors = isObject(said.json) ? said.json['errors'] : undefined
  const names = isObject(errors) ? Object.keys(errors).flatMap((path) => path.split('.')) : []
  const known = FIELDS.filter((field) => names.includes(field))
  return `the platform answered ${said.status}${known.length === 0 ? '' : ` (${known.join(', ')})`}`
}

/** Coolify's sentence, short and on one line; the values it complains about are in `errors` and stay out. */
function quoted(said: Said): string {
  const sentences = [said.message, said.error].filter((sentence) => sentence !== '').join(' ')
  const line = sentences.replace(/[\x00-\x1f\x7f\s]+/g, ' ').trim().slice(0, quoteLengthMax)
  return line === '' ? plain(said) : `${plain(said)}: ${line}`
}

function strange(said: Said): string {
  const own = said.json !== undefined && said.message !== ''
  const who = own || said.status >= 500 ? 'the platform' : 'something else than the platform'
  return `${who} answered ${said.status}`
}

/** Words for what a transport says; its own text may hold addresses and is not repeated. */
const CAUSES: readonly [RegExp, string][] = [
  [/refused/i, 'the connection was refused'],
  [/no such host|enotfound|server misbehaving/i, 'its host name is not known'],
  [/certificate|x509|tls/i, 'its TLS certificate is not accepted'],
  [/unreachable|no route/i, 'its network is not reachable'],
  [/time-?d? ?out|deadline/i, 'it did not answer in time'],
  [/reset|eof|broken pipe|closed/i, 'the connection was cut'],
]

function causeOf(message: string): string {
  return CAUSES.find(([pattern]) => pattern.test(message))?.[1] ?? 'the connection failed'
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function isObject(given: unknown): given is Record<string, unknown> {
  return typeof given === 'object' && given !== null && !Array.isArray(given)
}
