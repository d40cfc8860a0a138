import { request } from 'node:http'

const visitMsMax = 10_000

export type Visit = { status: number; text: string }

/**
 * One request to a bot as a browser makes it. Browsers resolve `*.localhost` to this machine, Node does not:
 * such hosts are asked at 127.0.0.1 with their name in the Host header.
 * @throws Error when there is no answer in time
 */
export async function visit(url: string, body?: object): Promise<Visit> {
  const target = new URL(url)
  if (!target.hostname.endsWith('.localhost')) return elsewhere(target, body)
  return new Promise((resolve, reject) => {
    const call = request({
      host: '127.0.0.1', port: Number(target.port || 80), path: target.pathname + target.search,
      method: body === undefined ? 'GET' : 'POST', timeout: visitMsMax,
      headers: { host: target.host, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    }, (reply) => {
      let text = ''
      reply.setEncoding('utf8').on('data', (chunk: string) => { text += chunk })
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, text })).on('error', reject)
    })
    call.on('timeout', () => call.destroy(new Error(`${url} did not answer within ${visitMsMax / 1000} s`)))
    call.on('error', reject)
    call.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

async function elsewhere(target: URL, body: object | undefined): Promise<Visit> {
  const reply = await fetch(target, {
    signal: AbortSignal.timeout(visitMsMax),
    ...(body === undefined ? {} : {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
    }),
  })
  return { status: reply.status, text: await reply.text() }
}
