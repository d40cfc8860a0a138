// The echo bot: the small real program that the local platform runs in the place of any image.
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { echoed, settingsOf, type Settings } from './settings.ts'
import { countStart } from './starts.ts'
import { page } from './page.ts'

const host = process.env['BOT_HOST'] ?? '127.0.0.1'
const bodyBytesMax = 64 * 1024
/** EX_CONFIG: starting it again is of no use, though Docker does. */
const configCode = 78
/** What Docker reports for a container that the kernel ended for lack of memory. */
const oomCode = 137
const closeMsMax = 800

const startedAt = Date.now()
const say = (line: string): void => { process.stdout.write(`${line}\n`) }

function main(): void {
  if (process.env['FAIL_CONFIG'] === '1') {
    say('configuration is not usable: FAIL_CONFIG is set')
    process.exit(configCode)
  }
  if (process.env['FAIL_OOM'] === '1') {
    say('out of memory')
    process.exit(oomCode)
  }
  const settings = settingsOf(process.env, (path) => readFileSync(path, 'utf8'))
  const stateDir = process.env['STATE_DIR'] ?? ''
  const starts = stateDir === '' ? 1 : countStart(join(stateDir, 'starts.json'))
  const server = createServer((request, reply) => void serve(request, reply, settings, starts))
  server.on('error', (error) => {
    say(`cannot listen: ${error.message}`)
    process.exit(1)
  })
  server.listen(Number(process.env['BOT_PORT'] ?? process.env['PORT'] ?? 8080), host, () => {
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    say(`${settings.name} listens on ${host}:${port}, start number ${starts}`)
    say(`set: ${settings.set.join(', ') || 'nothing'}`)
  })
  // Whoever started it holds the other end of its input; when that is gone, nobody is left to end it.
  if (process.env['BOT_TIED'] === '1') process.stdin.once('end', () => process.exit(0)).resume()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => {
    say(`${signal}: ending`)
    server.close(() => process.exit(0))
    server.closeAllConnections()
    setTimeout(() => process.exit(0), closeMsMax).unref()
  })
}

async function serve(
  request: IncomingMessage, reply: ServerResponse, settings: Settings, starts: number,
): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
  const json = (status: number, body: unknown): void => {
    reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  reply.on('finish', () => { if (!path.endsWith('z')) say(`${request.method} ${path} ${reply.statusCode}`) })
  try {
    if (request.method === 'POST' && path === '/echo') {
      const text = textOf(await bodyOf(request))
      if (text === null) return json(400, { error: 'text is missing' })
      return json(200, { text: echoed(settings, text) })
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return json(405, { error: 'not here' })
    if (path === '/healthz') return json(200, { ok: true, status: 'live' })
    if (path === '/startupz') return json(200, { ok: true, status: 'started' })
    if (path === '/readyz') return json(200, { ready: true })
    if (path !== '/') return json(404, { error: 'not found' })
    const upSeconds = Math.floor((Date.now() - startedAt) / 1000)
    reply.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    reply.end(page(settings, upSeconds, starts))
  } catch (error) {
    say(`request failed: ${error instanceof Error ? error.message : String(error)}`)
    if (!reply.headersSent) json(413, { error: 'the body is too long' })
  }
}

/** @throws Error when it is longer than a bot should read */
async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk)
    if (text.length > bodyBytesMax) throw new Error('the body is too long')
  }
  return text
}

function textOf(body: string): string | null {
  try {
    const text = (JSON.parse(body) as { text?: unknown } | null)?.text
    return typeof text === 'string' ? text : null
  } catch {
    return null
  }
}

main()
