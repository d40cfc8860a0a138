import type { Answer } from '../../../local/coolify/answer.ts'
import type { Handled, Options } from '../../../local/coolify/coolify.ts'
import type { Faults } from '../../../local/coolify/faults.ts'
import { exchangeOf } from '../../../local/coolify/answer.ts'
import { Coolify } from '../../../local/coolify/coolify.ts'
import { MemoryRunner } from '../../../local/coolify/runner/memory.ts'

export const server = 'server0000000000000000aa'
export const full = '1|full'
export const startedAt = 1_800_000_000_000

/** A generator with a seed, so that uuids and faults repeat. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 4_294_967_296
  }
}

/** The stand-in on a clock of the test, and a way to ask it. */
export class Asking {
  readonly clock = { now: startedAt }
  readonly runner: MemoryRunner
  readonly coolify: Coolify

  constructor(options: Partial<Options> = {}, faults?: Faults) {
    const now = (): number => this.clock.now
    this.runner = new MemoryRunner({ now, startMs: 1000 })
    this.coolify = new Coolify({
      now, random: seeded(1), runner: this.runner, servers: [{ uuid: server, name: 'one' }],
      statusLagMs: 10_000, startMs: 3000, stopMs: 500, pickMs: 100, ...(faults === undefined ? {} : { faults }),
      tokens: [
        { token: full, abilities: ['read', 'read:sensitive', 'write', 'deploy'] },
        { token: '2|reader', abilities: ['read'] }, { token: '3|writer', abilities: ['write'] }, { token: '4|root', abilities: ['root'] },
      ],
      ...options,
    })
  }

  /** One request, with whatever a fault made of it. */
  handle(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Handled {
    const usual = { Accept: 'application/json', 'Content-Type': 'application/json', Authorization: `Bearer ${full}` }
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
    return this.coolify.handle(exchangeOf(method, `/api/v1${path}`, { ...usual, ...headers }, text))
  }

  /** One request that must be answered. */
  ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Answer & { json: any } {
    const handled = this.handle(method, path, body, headers)
    if (!('status' in handled)) throw new Error(`${method} ${path} was struck by ${handled.fault.kind}`)
    return { ...handled, get json() { return JSON.parse(handled.text) } }
  }

  pass(ms: number): void {
    this.clock.now += ms
    this.coolify.tick()
  }

  /** The body of a create in a new environment of a new project. */
  body(name: string, more: object = {}): { [field: string]: unknown } {
    const project = this.ask('POST', '/projects', { name: `t-${name}` }).json.uuid
    return {
      project_uuid: project, server_uuid: server, environment_name: 'production', name, instant_deploy: false,
      docker_compose_raw: base64(compose()), ...more,
    }
  }

  /** Creates a service. @returns its uuid */
  service(name: string, more: object = {}): string {
    const made = this.ask('POST', '/services', this.body(name, more))
    if (made.status !== 201) throw new Error(`${made.status} ${made.text}`)
    return made.json.uuid
  }

  status(uuid: string): string {
    return this.ask('GET', `/services/${uuid}`).json.status
  }
}

export const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** A document as our catalogue renders them. */
export function compose(bot: object = {}, services: object = {}): string {
  return JSON.stringify({ services: { bot: { image: 'registry.example/echo:1', ...bot }, ...services } })
}
