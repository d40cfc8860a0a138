import type { Http, HttpReply } from '../../pb_hooks_src/doors/coolify/http.ts'
import type { Coolify, Handled } from './coolify.ts'
import { exchangeOf } from './answer.ts'

/**
 * The client's transport over the class itself, without sockets or waiting: what a fault does to a connection
 * becomes the kind of reply that the client would have got.
 * @param baseUrl requests to another address are `unreachable`
 */
export function transport(coolify: Coolify, baseUrl: string): Http {
  const base = baseUrl.replace(/\/+$/, '')
  return ({ method, url, headers, body, timeoutSeconds }) => {
    if (!url.startsWith(`${base}/`)) return { kind: 'unreachable', message: 'there is no such host' }
    const exchange = exchangeOf(method, url.slice(base.length), headers, body)
    return replyOf(coolify.handle(exchange), timeoutSeconds * 1000)
  }
}

function replyOf(handled: Handled, timeoutMs: number): HttpReply {
  if ('status' in handled) return { kind: 'answer', ...handled }
  const { fault: { kind, ms }, answer } = handled
  if (kind === 'refused') return { kind: 'unreachable', message: 'connection refused' }
  if (kind === 'halfBody' && answer !== null) return { kind: 'cut', status: answer.status }
  if ((kind === 'latency' || kind === 'hang') && ms < timeoutMs && answer !== null) return { kind: 'answer', ...answer }
  const reset = kind === 'reset' || kind === 'dropBefore' || kind === 'dropAfter'
  return { kind: 'lost', message: reset ? 'connection reset' : 'no answer in time' }
}
