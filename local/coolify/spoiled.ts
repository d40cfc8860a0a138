import type { Answer } from './answer.ts'
import type { FaultKind } from './faults.ts'
import { json } from './answer.ts'

const html = { 'content-type': 'text/html; charset=UTF-8' }
const page = (title: string): string => `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`
const retryAfterSeconds = 7

/** What a client reads in place of the true answer; kinds that end without one are not among them. */
export function spoiled(kind: FaultKind, answer: Answer): Answer {
  switch (kind) {
    case 'garbage':
      return { ...answer, text: `${answer.text.slice(0, 12)}\u0000<<<` }
    case 'wrongType':
      return { ...answer, headers: { ...answer.headers, ...html } }
    case 'status429':
      return json(429, { message: 'Too Many Attempts.' }, { 'retry-after': String(retryAfterSeconds) })
    case 'status500Before':
    case 'status500After':
      return json(500, { message: 'Server Error' })
    case 'status502':
      return { status: 502, headers: html, text: page('502 Bad Gateway') }
    case 'status503':
      return { status: 503, headers: html, text: page('503 Service Unavailable') }
    case 'emptyList':
      return { ...answer, text: '[]' }
    default:
      return answer
  }
}
