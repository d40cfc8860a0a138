import type { Answer, Exchange } from './answer.ts'
import type { Coolify } from './coolify.ts'
import type { FaultKind } from './faults.ts'
import { json, said } from './answer.ts'
import { FAULT_KINDS } from './faults.ts'

export const controlPrefix = '/_control/'

type Body = { [key: string]: unknown }
type Turn = (coolify: Coolify, body: Body) => unknown

const ms = (body: Body): number => number(body, 'ms')
const on = (body: Body): boolean => body['on'] !== false

/** What a test can do to the stand-in from another process; none of it exists in a real Coolify. */
const turns: { [route: string]: Turn } = {
  'POST faults': ({ faults }, body) => {
    for (const kind of Object.keys(body)) {
      if (!FAULT_KINDS.includes(kind as FaultKind)) throw new Error(`there is no fault ${kind}`)
      faults.set(kind as FaultKind, number(body, kind))
    }
  },
  'POST reset': ({ faults }) => faults.reset(),
  'POST outage': ({ faults }, body) => faults.outage(ms(body)),
  'POST hang': ({ faults }, body) => faults.hang(ms(body)),
  'POST freeze': ({ faults }, body) => faults.freeze(on(body)),
  'POST restart': ({ faults }) => faults.restart(),
  'POST token-off': ({ gate }, body) => gate.revoke(text(body, 'token')),
  'POST token-on': ({ gate }, body) => gate.grant({
    token: text(body, 'token'), abilities: Array.isArray(body['abilities']) ? body['abilities'].map(String) : ['root'],
  }),
  'POST api': ({ gate }, body) => { gate.apiEnabled = on(body) },
  'POST swallow': (coolify, body) => { coolify.swallowCleanup = on(body) },
  'POST server': ({ sentinel }, body) => sentinel.setReachable(text(body, 'uuid'), on(body)),
  'POST stop': (coolify, body) => coolify.handStop(text(body, 'uuid')),
  'POST delete': (coolify, body) => coolify.handDelete(text(body, 'uuid')),
  'POST foreign': (coolify, body) => ({ uuid: coolify.plantForeign(text(body, 'name')) }),
  'GET journal': (coolify) => coolify.journal,
  'GET services': (coolify) => coolify.services(),
  'GET volumes': (coolify) => coolify.volumes(),
  'GET orphans': (coolify) => coolify.orphans(),
}

/** Answers one request below `/_control/`: what the turn returns as JSON, or 400 with the reason. */
export function control(coolify: Coolify, secret: string, { method, path, headers, body }: Exchange): Answer {
  if (headers['x-control'] !== secret) return said(403, 'x-control is missing or wrong')
  const turn = turns[`${method} ${path.slice(controlPrefix.length)}`]
  if (turn === undefined) return said(404, 'there is no such control')
  try {
    coolify.tick()
    return json(200, turn(coolify, body === '' ? {} : (JSON.parse(body) as Body)) ?? { ok: true })
  } catch (error) {
    return said(400, error instanceof Error ? error.message : String(error))
  }
}

function number(body: Body, key: string): number {
  const value = body[key]
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) throw new Error(`${key} must be a number`)
  return value
}

function text(body: Body, key: string): string {
  const value = body[key]
  if (typeof value !== 'string' || value === '') throw new Error(`${key} must be a text`)
  return value
}
