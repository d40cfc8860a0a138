import { buildSync } from 'esbuild'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunnerService } from '../../../local/coolify/runner.ts'

const source = join(dirname(fileURLToPath(import.meta.url)), '../../../local/bot/bot.ts')
const waitMsMax = 5000
const lookMs = 25

/** A folder of its own with the bot built as `npm start` builds it. */
export function builtBot(): { folder: string; program: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'agents-bot-'))
  const program = join(folder, 'bot.mjs')
  buildSync({ entryPoints: [source], outfile: program, bundle: true, format: 'esm', platform: 'node', target: 'node20', logLevel: 'error' })
  return { folder, program, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** An echo bot as Coolify hands it to a runner. */
export function echoService(uuid: string, different: Partial<RunnerService> = {}): RunnerService {
  const environment = { BOT_PORT: '8080', STATE_DIR: '/data', BOT_CONFIG: '/etc/echo/echo.json', PRICE: '5 $$' }
  return {
    uuid, name: `bot-${uuid}`, variables: { API_KEY: 'sk-very-secret', BOT_PORT: '1' },
    document: { services: { bot: { image: 'echo:1', environment } } },
    files: [{ service: 'bot', source: './echo.json', target: '/etc/echo/echo.json', content: '{"greeting":"Servus"}' }],
    volumes: [{ service: 'bot', name: `${uuid}_state`, target: '/data' }],
    urls: [{ service: 'bot', url: `http://${uuid}.bots.localhost:8080` }], ...different,
  }
}

/** @throws Error when it does not come true in time */
export async function until<T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>> {
  const end = Date.now() + waitMsMax
  for (;;) {
    const found = await look()
    if (found !== null && found !== undefined && found !== false) return found as NonNullable<T>
    if (Date.now() > end) throw new Error(`not in time: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, lookMs))
  }
}

export type Reply = { status: number; headers: NodeJS.Dict<string | string[]>; text: string }

/** One request to a port of this machine, with any Host. */
export function ask(port: number, path: string, options: { host?: string; body?: string; method?: string; headers?: Record<string, string> } = {}): Promise<Reply> {
  const { host, body } = options
  return new Promise((resolve, reject) => {
    const call = request({
      host: '127.0.0.1', port, path, method: options.method ?? (body === undefined ? 'GET' : 'POST'), agent: false,
      headers: { ...(host === undefined ? {} : { host }), ...options.headers },
    }, (reply) => {
      let text = ''
      reply.setEncoding('utf8').on('data', (chunk: string) => { text += chunk })
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text })).on('error', reject)
    })
    call.on('error', reject)
    call.end(body)
  })
}
