import { describe, expect, test } from 'vitest'
import type { FaultKind } from '../../../local/coolify/faults.ts'
import type { Platform } from '../../../pb_hooks_src/fleet/ports.ts'
import { Coolify } from '../../../local/coolify/coolify.ts'
import { MemoryRunner } from '../../../local/coolify/runner/memory.ts'
import { transport } from '../../../local/coolify/transport.ts'
import { coolify as client, supported } from '../../../pb_hooks_src/doors/coolify/client.ts'

const base = 'http://coolify.test'
const server = 'srv1'
const token = '1|standin'
const statusLagMs = 10_000

type Options = { abilities?: string[]; apiEnabled?: boolean; token?: string; rate?: number }

/** The client on the stand-in, with a clock that only the test moves. */
function house(options: Options = {}) {
  const clock = { now: 1_700_000_000_000 }
  const now = () => clock.now
  let seed = 7
  const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647
  const runner = new MemoryRunner({ now, startMs: 500 })
  const standin = new Coolify({
    now, random, runner, statusLagMs, startMs: 2_000, apiEnabled: options.apiEnabled ?? true,
    servers: [{ uuid: server, name: 'one' }],
    tokens: [{ token, abilities: options.abilities ?? ['read', 'write', 'deploy'] }],
    ...(options.rate === undefined ? {} : { rateLimitPerMinute: options.rate }),
  })
  const settings = { url: base, token: options.token ?? token, timeoutSeconds: 20 }
  const platform = client(settings, transport(standin, base))
  const pass = (ms: number) => {
    clock.now += ms
    standin.tick()
  }
  return { platform, standin, pass }
}

const compose = (image = 'echo:1') => JSON.stringify({
  services: { bot: { image, environment: { GREETING: 'Grüß Gott' }, volumes: ['state:/data'] } },
  volumes: { state: {} },
})

const bot = (name = 'bot-1', host = 'x.bots.example.de') => ({
  name, description: `cloudfreedom ${name}`, compose: compose(), urls: [{ name: 'bot', url: `https://${host}:8080` }],
})

function valueOf<T>(outcome: { kind: string; value?: T }): T {
  if (outcome.kind !== 'ok') throw new Error(JSON.stringify(outcome))
  return outcome.value as T
}

/** A project with an environment and one service in it, not started. */
function built(platform: Platform): { project: string; uuid: string } {
  const project = valueOf(platform.project('t-1'))
  valueOf(platform.environment(project, 'b-1'))
  const { uuid } = valueOf(platform.create({ project, environment: 'b-1', server, ...bot() }))
  return { project, uuid }
}

describe('the whole life of a bot', () => {
  test('made, set up, started, seen, changed, stopped, deleted, gone', () => {
    const { platform, standin, pass } = house()
    expect(supported(valueOf(platform.version()))).toBe('ok')
    const { project, uuid } = built(platform)
    expect(platform.project('t-1')).toEqual({ kind: 'ok', value: project })
    expect(platform.environment(project, 'b-1')).toEqual({ kind: 'ok', value: 'there' })
    expect(platform.find(project, 'b-1', 'bot-1')).toMatchObject({ kind: 'ok', value: [{ uuid, state: 'exited' }] })
    expect(platform.find(project, 'b-1', 'bot-2')).toEqual({ kind: 'ok', value: [] })

    expect(platform.variables(uuid, { KEY: 'a$b', OLD: 'x' }, [])).toEqual({ kind: 'ok', value: null })
    expect(platform.variables(uuid, { KEY: 'c' }, ['OLD', 'NEVER'])).toEqual({ kind: 'ok', value: null })
    expect(standin.services()[0]?.envs).toEqual({ KEY: 'c' })

    expect(platform.start(uuid)).toEqual({ kind: 'ok', value: 'queued' })
    pass(1_000)
    expect(platform.look(uuid)).toMatchObject({ kind: 'ok', value: { state: 'starting', health: 'unhealthy' } })
    pass(3 * statusLagMs)
    const running = { uuid, name: 'bot-1', state: 'running', health: 'healthy' }
    expect(platform.sweep(server)).toEqual({ kind: 'ok', value: [running] })
    expect(platform.start(uuid)).toEqual({ kind: 'ok', value: 'already' })
    expect(valueOf(platform.logs(uuid, 'bot', 50))).toMatch(/^\d{4}-\d\d-\d\dT\S+Z .*bot-1/)

    expect(platform.update(uuid, { ...bot(), compose: compose('echo:2') })).toEqual({ kind: 'ok', value: null })
    expect(standin.services()[0]?.compose).toContain('echo:2')
    expect(platform.restart(uuid)).toEqual({ kind: 'ok', value: 'queued' })
    pass(3 * statusLagMs)
    expect(platform.look(uuid)).toEqual({ kind: 'ok', value: running })

    expect(platform.stop(uuid)).toEqual({ kind: 'ok', value: 'queued' })
    pass(statusLagMs)
    expect(platform.look(uuid)).toMatchObject({ kind: 'ok', value: { state: 'exited' } })
    expect(platform.stop(uuid)).toEqual({ kind: 'ok', value: 'already' })
    expect(platform.logs(uuid, 'bot', 50)).toMatchObject({ kind: 'refused', code: 'container_not_running' })

    const waiting = { kind: 'wait', code: 'platform_still_deleting' }
    expect(platform.removeEnvironment(project, 'b-1')).toMatchObject(waiting)
    expect(platform.remove(uuid)).toEqual({ kind: 'ok', value: null })
    pass(statusLagMs)
    expect(platform.look(uuid)).toEqual({ kind: 'gone' })
    expect(platform.remove(uuid)).toEqual({ kind: 'gone' })
    expect(standin.volumes()).toEqual([])
    expect(platform.removeEnvironment(project, 'b-1')).toEqual({ kind: 'ok', value: null })
    expect(platform.removeEnvironment(project, 'b-1')).toEqual({ kind: 'ok', value: null })
    expect(platform.find(project, 'b-1', 'bot-1')).toEqual({ kind: 'gone' })
    expect(standin.journal.map(({ status }) => status).filter((status) => status === null || status >= 500)).toEqual([])
  })

  test('a restart leaves no moment in which the status says exited', () => {
    const { platform, pass } = house()
    const { uuid } = built(platform)
    platform.start(uuid)
    pass(3 * statusLagMs)
    platform.restart(uuid)
    for (let i = 0; i < 60; i++) {
      pass(500)
      expect(platform.look(uuid)).not.toMatchObject({ value: { state: 'exited' } })
    }
  })

  test('a document that is no YAML: the answer is unknown, and the row it left is found with state unknown', () => {
    const { platform } = house()
    const project = valueOf(platform.project('t-1'))
    platform.environment(project, 'b-1')
    const broken = { ...bot(), compose: '{"services": [unclosed' }
    expect(platform.create({ project, environment: 'b-1', server, ...broken })).toMatchObject({ kind: 'unknown' })
    const [left] = valueOf(platform.find(project, 'b-1', 'bot-1'))
    expect(left).toMatchObject({ name: 'bot-1', state: 'unknown' })
    expect(valueOf(platform.sweep(server))[0]).toMatchObject({ state: 'unknown' })
    expect(platform.update(left?.uuid ?? '', bot())).toMatchObject({ kind: 'ok' })
    expect(platform.look(left?.uuid ?? '')).toMatchObject({ kind: 'ok', value: { state: 'exited' } })
  })

  test('two services of one name are both found, the older one first', () => {
    const { platform } = house()
    const { project, uuid } = built(platform)
    const twin = { project, environment: 'b-1', server, ...bot('bot-1', 'y.bots.example.de') }
    const second = valueOf(platform.create(twin)).uuid
    expect(valueOf(platform.find(project, 'b-1', 'bot-1')).map((found) => found.uuid)).toEqual([uuid, second])
  })

  test('a domain that another service has is taken, and a bad address is refused with its field', () => {
    const { platform } = house()
    const { project } = built(platform)
    const other = { project, environment: 'b-1', server, ...bot('bot-2') }
    expect(platform.create(other)).toMatchObject({ kind: 'refused', code: 'domain_taken' })
    const bad = { ...other, urls: [{ name: 'bot', url: 'ftp://x' }] }
    expect(platform.create(bad)).toMatchObject({ kind: 'refused', code: 'platform_refused' })
    expect(valueOf(platform.find(project, 'b-1', 'bot-2'))).toEqual([])
  })

  test('what is not there is gone', () => {
    const { platform } = house()
    const outcomes = [
      platform.look('nothere'), platform.start('nothere'), platform.stop('nothere'),
      platform.restart('nothere'), platform.remove('nothere'), platform.update('nothere', bot()), platform.variables('nothere', { A: '1' }, []),
      platform.variables('nothere', {}, ['A']), platform.logs('nothere', 'bot', 5), platform.sweep('nothere'),
      platform.environment('nothere', 'b-1'), platform.find('nothere', 'b-1', 'bot-1'),
      platform.create({ project: 'nothere', environment: 'b-1', server, ...bot() }),
    ]
    for (const outcome of outcomes) expect(outcome).toEqual({ kind: 'gone' })
  })
})

describe('who may not', () => {
  test.each([
    ['another token', { token: '2|wrong' }, 'platform_token_refused'],
    ['the API is off', { apiEnabled: false }, 'platform_api_disabled'],
    ['no read', { abilities: ['write', 'deploy'] }, 'platform_token_weak'],
  ] satisfies [string, Options, string][])('%s', (_reason, options, code) => {
    const { platform } = house(options)
    expect(platform.version()).toMatchObject({ kind: 'wait', code })
    expect(platform.sweep(server)).toMatchObject({ kind: 'wait', code })
  })

  test('an ability that is missing only for writing or starting', () => {
    const weak = { kind: 'wait', code: 'platform_token_weak' }
    expect(house({ abilities: ['read', 'deploy'] }).platform.project('t-1')).toMatchObject(weak)
    const { platform } = house({ abilities: ['read', 'write'] })
    expect(platform.start(built(platform).uuid)).toMatchObject(weak)
  })

  test('the rate limit is told with its time', () => {
    const { platform, pass } = house({ rate: 3 })
    for (let i = 0; i < 3; i++) expect(platform.version()).toMatchObject({ kind: 'ok' })
    const limited = platform.start('nothere')
    expect(limited).toMatchObject({ kind: 'wait', code: 'platform_busy' })
    pass(limited.kind === 'wait' ? limited.retryMs : 0)
    expect(platform.version()).toMatchObject({ kind: 'ok' })
  })
})

describe('faults', () => {
  const unknown = { kind: 'unknown' }
  const wait = { kind: 'wait', code: 'platform_unreachable' }
  const busy = { kind: 'wait', code: 'platform_busy' }
  /** What a read and a mutation come to under each fault. */
  const table: [FaultKind, object, object][] = [
    ['dropBefore', wait, unknown], ['dropAfter', wait, unknown], ['reset', wait, unknown],
    ['blackHole', wait, unknown], ['halfBody', wait, unknown], ['garbage', wait, unknown], ['status429', busy, busy],
    ['status500Before', wait, unknown], ['status500After', wait, unknown], ['status502', wait, unknown],
    ['status503', wait, unknown],
  ]

  test.each(table)('%s', (kind, looked, changed) => {
    const { platform, standin } = house()
    const { project, uuid } = built(platform)
    standin.faults.set(kind, 1)
    for (const outcome of [platform.look(uuid), platform.sweep(server), platform.find(project, 'b-1', 'bot-1')]) {
      expect(outcome).toMatchObject(looked)
    }
    const secret = 'sk-0123456789abcdef'
    const mutations = [
      platform.environment(project, 'b-2'),
      platform.create({ project, environment: 'b-1', server, ...bot('bot-2', 'z') }),
      platform.update(uuid, bot()), platform.variables(uuid, { KEY: secret }, []), platform.start(uuid),
      platform.stop(uuid), platform.restart(uuid), platform.remove(uuid), platform.removeEnvironment(project, 'b-3'),
    ]
    for (const outcome of mutations) expect(outcome).toMatchObject(changed)
    expect(JSON.stringify(mutations)).not.toContain(secret)
  })

  test('the effect of a call that came too late shows afterwards, where its outcome was unknown', () => {
    const { platform, standin, pass } = house()
    const project = valueOf(platform.project('t-1'))
    platform.environment(project, 'b-1')
    standin.faults.set('lateCommit', 1)
    expect(platform.create({ project, environment: 'b-1', server, ...bot() })).toMatchObject(unknown)
    standin.faults.reset()
    expect(platform.find(project, 'b-1', 'bot-1')).toEqual({ kind: 'ok', value: [] })
    pass(60_000)
    expect(valueOf(platform.find(project, 'b-1', 'bot-1'))).toHaveLength(1)
  })

  test('an outage is certain, a hanging platform is not', () => {
    const { platform, standin, pass } = house()
    const { uuid } = built(platform)
    standin.faults.outage(60_000)
    expect(platform.start(uuid)).toMatchObject(wait)
    pass(60_001)
    standin.faults.hang(25_000)
    expect(platform.start(uuid)).toMatchObject(unknown)
    expect(platform.look(uuid)).toMatchObject(wait)
  })

  test('a wrong content type is no fault of the body, and the body is what counts', () => {
    const { platform, standin } = house()
    const { uuid } = built(platform)
    standin.faults.set('wrongType', 1)
    expect(platform.look(uuid)).toMatchObject({ kind: 'ok', value: { uuid } })
    expect(platform.start(uuid)).toEqual({ kind: 'ok', value: 'queued' })
  })

  test('an empty list is a list: whether to believe it is not the door to decide', () => {
    const { platform, standin } = house()
    built(platform)
    standin.faults.set('emptyList', 1)
    expect(platform.sweep(server)).toEqual({ kind: 'ok', value: [] })
  })
})
