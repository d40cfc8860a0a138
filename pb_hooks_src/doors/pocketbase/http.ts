import type { Http, HttpReply, HttpRequest } from '../coolify/http.ts'

/** An answer is never read beyond this; a server's list of 10,000 services is about 2 MB. */
const bodyBytesMax = 16 * 1024 * 1024

/**
 * The only place that calls `$http.send`. It hides the client's traps: an unread or cut body comes back
 * as a success without an error, so the length is compared where the server names it, and the JSON is
 * never taken from the result. Redirects are followed by the client; the address is ours, never a tenant's.
 */
export const http: Http = (request: HttpRequest): HttpReply => {
  let result: PbHttpResult
  try {
    result = $http.send({ method: request.method, url: request.url, headers: request.headers, body: request.body, timeout: request.timeoutSeconds })
  } catch (error) {
    const message = String((error as { message?: string }).message ?? error)
    return neverSent.test(message) ? { kind: 'unreachable', message: plain(message) } : { kind: 'lost', message: plain(message) }
  }
  const headers: { [name: string]: string } = {}
  for (const name of Object.keys(result.headers)) headers[name.toLowerCase()] = String(result.headers[name]?.[0] ?? '')
  const bytes = result.body as { length: number }
  const promised = Number(headers['content-length'] ?? '')
  if (headers['content-length'] !== undefined && bytes.length < promised) return { kind: 'cut', status: result.statusCode }
  return { kind: 'answer', status: result.statusCode, headers, text: toString(result.body, bodyBytesMax) }
}

/** Go's words for a call that ended before a byte was sent (net package). */
const neverSent = /connection refused|no such host|network is unreachable|no route to host|i\/o timeout.*dial|dial tcp.*(timeout|refused|unreachable)|unsupported protocol scheme|invalid URL/i

/** Go puts the URL into its messages; what we keep says only what went wrong. */
function plain(message: string): string {
  return message.replace(/"https?:[^"]*"/g, 'the platform').slice(0, 200)
}
