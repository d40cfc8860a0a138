import type { Http, HttpReply, HttpRequest } from '../../../pb_hooks_src/doors/coolify/http.ts'
import type { Platform } from '../../../pb_hooks_src/fleet/ports.ts'
import { coolify } from '../../../pb_hooks_src/doors/coolify/client.ts'

export const settings = { url: 'https://coolify.example.de', token: '1|abcdefghijklmnop', timeoutSeconds: 20 }

/** A client whose transport gives the recorded replies in turn and keeps what it was asked. */
export function recorded(...replies: HttpReply[]): { platform: Platform; requests: HttpRequest[] } {
  const requests: HttpRequest[] = []
  const http: Http = (request) => {
    requests.push(request)
    const reply = replies[requests.length - 1]
    if (reply === undefined) throw new Error(`no reply was recorded for ${request.method} ${request.url}`)
    return reply
  }
  return { platform: coolify(settings, http), requests }
}

export function answer(status: number, body: unknown, headers: Record<string, string> = {}): HttpReply {
  return { kind: 'answer', status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) }
}

export const spec = {
  project: 'p1', environment: 'b-1', server: 's1', name: 'bot-1', description: 'cloudfreedom 1 abc',
  compose: '{"services":{"bot":{"image":"größe"}}}',
  urls: [{ name: 'bot', url: 'https://x.bots.example.de:8080' }],
}

/** One call of every verb, by name: what most rows of the tables are tried with. */
export const everyVerb = {
  project: (platform: Platform) => platform.project('t-1'),
  environment: (platform: Platform) => platform.environment('p1', 'b-1'),
  find: (platform: Platform) => platform.find('p1', 'b-1', 'bot-1'),
  create: (platform: Platform) => platform.create(spec),
  update: (platform: Platform) => platform.update('u1', spec),
  variables: (platform: Platform) => platform.variables('u1', { KEY: 'value' }, []),
  start: (platform: Platform) => platform.start('u1'),
  stop: (platform: Platform) => platform.stop('u1'),
  restart: (platform: Platform) => platform.restart('u1'),
  remove: (platform: Platform) => platform.remove('u1'),
  look: (platform: Platform) => platform.look('u1'),
  removeEnvironment: (platform: Platform) => platform.removeEnvironment('p1', 'b-1'),
  sweep: (platform: Platform) => platform.sweep('s1'),
  logs: (platform: Platform) => platform.logs('u1', 'bot', 200),
  version: (platform: Platform) => platform.version(),
}
export type Verb = keyof typeof everyVerb
export const verbs = Object.keys(everyVerb) as Verb[]
/** Verbs whose first call only looks. */
export const readers: readonly Verb[] = ['project', 'find', 'look', 'sweep', 'logs', 'version']
