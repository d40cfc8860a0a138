import type { Outcome } from '../../fleet/ports.ts'
import type { Http, HttpReply, HttpRequest } from './http.ts'
import type { Effect, Failure, Said } from './errors.ts'
import { failureOf, saidOf, silenceOf, unclear } from './errors.ts'

export type Settings = {
  /** Where Coolify answers, such as `https://coolify.example.de`; with or without `/api/v1`. */
  url: string
  /** A token with the abilities read, write and deploy. */
  token: string
  timeoutSeconds: number
}

export type Call = {
  /** What is asked, in English, for messages: `create the service`. */
  does: string
  method: HttpRequest['method']
  /** Below /api/v1, every segment encoded. */
  path: string
  body?: unknown
  /** The call carries secrets: no word of the answer may reach a message. */
  quiet?: boolean
}

/** One exchange, judged: `value` of a success is the JSON as it came; `said` is null without an answer. */
export type Asked = { outcome: { kind: 'ok'; value: unknown } | Failure; said: Said | null }
export type Ask = (call: Call) => Asked

/** A schema of `wire.ts`. */
type Shape<T> = { safeParse(given: unknown): { success: true; data: T } | { success: false } }

/**
 * One call to Coolify, once: repeating is the fleet's decision. What the transport throws passes through
 * (the call budget holds a call back that way).
 */
export function caller(settings: Settings, http: Http): Ask {
  const base = settings.url.trim().replace(/\/+$/, '').replace(/\/api(\/v1)?$/, '') + '/api/v1'
  const headers = {
    Accept: 'application/json', 'Content-Type': 'application/json', Authorization: `Bearer ${settings.token}`,
  }
  return (call) => {
    const reply = http({
      method: call.method, url: base + call.path, headers: { ...headers },
      body: call.body === undefined ? '' : JSON.stringify(call.body), timeoutSeconds: settings.timeoutSeconds,
    })
    return judge(reply, call)
  }
}

export const effectOf = (call: Pick<Call, 'method'>): Effect => (call.method === 'GET' ? 'read' : 'mutation')

function judge(reply: HttpReply, call: Call): Asked {
  const effect = effectOf(call)
  if (reply.kind !== 'answer') return { outcome: silenceOf(reply, effect, call.does), said: null }
  const said = saidOf(reply)
  const success = said.status >= 200 && said.status < 300
  if (success) return { outcome: { kind: 'ok', value: said.json }, said }
  return { outcome: failureOf(said, effect, call.does, call.quiet === true), said }
}

/** One call whose success is read by its shape and turned into what the port answers. */
export function request<T, R>(ask: Ask, call: Call, shape: Shape<T>, then: (answer: T) => R): Outcome<R> {
  const answer = read(ask(call), call, shape)
  return answer.kind === 'ok' ? { kind: 'ok', value: then(answer.value) } : answer
}

/**
 * Reads a success by its shape. A body of another shape is no success: it was cut, came from a proxy, or
 * is the answer of a GET that a redirect made of a POST; a mutation may still have happened.
 */
export function read<T>(asked: Asked, call: Call, shape: Shape<T>): Outcome<T> {
  if (asked.outcome.kind !== 'ok') return asked.outcome
  const found = shape.safeParse(asked.outcome.value)
  if (found.success) return { kind: 'ok', value: found.data }
  return unclear(effectOf(call), `${call.does}: the answer cannot be read`)
}
