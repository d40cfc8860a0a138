import type { Answer } from './answer.ts'
import type { FaultKind } from './faults.ts'
import { json } from './answer.ts'

const html = { 'content-type': 'text/html; charset=UTF-8' }
const page = (title: string): string => `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`
const retryAfterSeconds = 7

/**
 * What a client reads in place of the true answer, which is null when none was made; kinds that end the
 * connection without an answer never come here.
 */
export function spoiled(kind: FaultKind | 'refused' | 'hang', answer: Answer | null): Answer {
  if (kind === 'status429')
    return json(429, { message: 'Too Many Attempts.' }, { 'retry-after': String(retryAfterSeconds) })
  if (kind === 'status502') return { status: 502, headers: html, text: page('502 Bad Gateway') }
  if (kind === 'status503') return { status: 503, headers: html, text: page('503 Service Unavailable') }
  if (answer === null || kind === 'status500Before' || kind === 'status500After')
    return json(500, { message: 'Server Error' })
  if (kind === 'garbage') return { ...answer, text: `${answer.text.slice(0, 12)}\u0000<<<` }
  if (kind === 'wrongType') return { ...answer, headers: { ...answer.headers, ...html } }
  return kind === 'emptyList' && answer.status === 200 ? { ...answer, text: '[]' } : answer
}
