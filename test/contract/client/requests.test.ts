import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { HttpReply } from '../../../pb_hooks_src/doors/coolify/http.ts'
import type { Verb } from './recorded.ts'
import { base64 } from '../../../pb_hooks_src/doors/coolify/base64.ts'
import { coolify } from '../../../pb_hooks_src/doors/coolify/client.ts'
import { answer, everyVerb, recorded, settings, spec } from './recorded.ts'

const queued = answer(200, { message: 'Service starting request queued.' })
const api = 'https://coolify.example.de/api/v1'
const written = answer(200, { uuid: 'u1', domains: ['https://x.bots.example.de:8080'] })
const content = {
  name: 'bot-1', description: spec.description, urls: spec.urls,
  docker_compose_raw: Buffer.from(spec.compose).toString('base64'),
}

const creation = {
  project_uuid: 'p1', server_uuid: 's1', environment_name: 'b-1', ...content, instant_deploy: false,
}
const variable = { key: 'KEY', value: 'value', is_literal: true, is_multiline: false, is_shown_once: false }
const removal =
  'delete_volumes=true&delete_configurations=true&delete_connected_networks=true&docker_cleanup=false'
const logQuery = 'sub_service_name=bot&lines=200&show_timestamps=true'
const project = (id: number, name: string | null) => ({ id, uuid: `p${id}`, name })

/** What each verb sends, and what it makes of the answer. */
const table: [string, Verb, HttpReply[], [string, string, unknown?][], unknown][] = [
  ['version', 'version', [answer(200, '4.3.10')], [['GET', '/version']], '4.3.10'],
  ['version with a leading v and a line break', 'version', [answer(200, 'v4.4.0-rc.1\n')],
    [['GET', '/version']], '4.4.0-rc.1'],
  ['project that exists: the older of two', 'project',
    [answer(200, [project(9, 't-1'), project(7, 't-1'), project(1, 't-10')])],
    [['GET', '/projects']], 'p7'],
  ['project that is made', 'project', [answer(200, [project(1, null)]), answer(201, { uuid: 'p2' })],
    [['GET', '/projects'], ['POST', '/projects', { name: 't-1' }]], 'p2'],
  ['environment', 'environment', [answer(201, { uuid: 'e1' })],
    [['POST', '/projects/p1/environments', { name: 'b-1' }]], 'made'],
  ['find: by exact name, oldest first, the row without containers too', 'find',
    [answer(200, { id: 3, name: 'b-1', services: [
      { id: 12, uuid: 'u12', name: 'bot-1', status: 'running:healthy', applications: [{}] },
      { id: 11, uuid: 'u11', name: 'bot-1', status: 'exited', applications: [] },
      { id: 10, uuid: 'u10', name: 'bot-10', status: 'exited' },
    ] })],
    [['GET', '/projects/p1/b-1']],
    [{ uuid: 'u11', name: 'bot-1', state: 'unknown', health: 'unknown' },
      { uuid: 'u12', name: 'bot-1', state: 'running', health: 'healthy' }]],
  ['create', 'create', [answer(201, { uuid: 'u1', domains: [] })],
    [['POST', '/services', creation]], { uuid: 'u1' }],
  ['create, domains as PHP writes a list with gaps', 'create',
    [answer(201, { uuid: 'u1', domains: { 1: 'https://x' } })],
    [['POST', '/services', creation]], { uuid: 'u1' }],
  ['update', 'update', [written], [['PATCH', '/services/u1', content]], null],
  ['variables', 'variables', [answer(201, [{ uuid: 'e1', key: 'KEY' }])],
    [['PATCH', '/services/u1/envs/bulk', { data: [variable] }]], null],
  ['start', 'start', [queued], [['POST', '/services/u1/start']], 'queued'],
  ['stop', 'stop', [queued], [['POST', '/services/u1/stop?docker_cleanup=false']], 'queued'],
  ['restart', 'restart', [queued], [['POST', '/services/u1/restart?latest=true']], 'queued'],
  ['remove', 'remove', [queued], [['DELETE', `/services/u1?${removal}`]], null],
  ['look', 'look',
    [answer(200, { id: 4, uuid: 'u1', name: 'bot-1', status: 'starting:unhealthy', server: {} })],
    [['GET', '/services/u1']], { uuid: 'u1', name: 'bot-1', state: 'starting', health: 'unhealthy' }],
  ['removeEnvironment', 'removeEnvironment', [answer(200, { message: 'Environment deleted.' })],
    [['DELETE', '/projects/p1/environments/b-1']], null],
  ['sweep: services only', 'sweep',
    [answer(200, [
      { id: 1, uuid: 'u1', name: 'bot-1', type: 'service', status: 'exited' },
      { id: 1, uuid: 'a1', name: 'shop', type: 'application', status: 'running:healthy' },
      { id: 1, uuid: null, name: 'db', type: 'standalone-postgresql', status: null },
    ])],
    [['GET', '/servers/s1/resources']], [{ uuid: 'u1', name: 'bot-1', state: 'exited', health: 'unknown' }]],
  ['sweep of an empty server', 'sweep', [answer(200, [])], [['GET', '/servers/s1/resources']], []],
  ['logs', 'logs', [answer(200, { logs: 'a\nb' })], [['GET', `/services/u1/logs?${logQuery}`]], 'a\nb'],
  ['logs that are null', 'logs', [answer(200, { logs: null })],
    [['GET', `/services/u1/logs?${logQuery}`]], ''],
]

test.each(table)('%s', (_reason, verb, replies, sent, value) => {
  const { platform, requests } = recorded(...replies)
  expect(everyVerb[verb](platform)).toEqual({ kind: 'ok', value })
  const bodyOf = (body: string): unknown[] => (body === '' ? [] : [JSON.parse(body)])
  const seen = requests.map(({ method, url, body }) => [method, url.replace(api, ''), ...bodyOf(body)])
  expect(seen).toEqual(sent)
  for (const { headers, timeoutSeconds } of requests) {
    expect(timeoutSeconds).toBe(20)
    expect(headers).toEqual({
      Accept: 'application/json', 'Content-Type': 'application/json',
      Authorization: 'Bearer 1|abcdefghijklmnop',
    })
  }
})

describe('variables', () => {
  const kept = { uuid: 'e2', key: 'KEPT', value: 'x' }
  const listed = answer(200, [{ uuid: 'e1', key: 'OLD' }, kept, { uuid: 'e3', key: 'OLD' }])
  const deleted = answer(200, { message: 'Environment variable deleted.' })
  const paths = (requests: { method: string; url: string }[]) =>
    requests.map(({ method, url }) => `${method} ${url.replace(api, '')}`)

  test('deletes every row of a removed key by its uuid, and none that is set', () => {
    const bulk = answer(201, [{ uuid: 'e2', key: 'KEPT' }])
    const vanished = answer(404, { message: 'Environment variable not found.' })
    const { platform, requests } = recorded(bulk, listed, deleted, vanished)
    const outcome = platform.variables('u1', { KEPT: 'x' }, ['OLD', 'KEPT', 'NEVER'])
    expect(outcome).toEqual({ kind: 'ok', value: null })
    expect(paths(requests)).toEqual([
      'PATCH /services/u1/envs/bulk', 'GET /services/u1/envs',
      'DELETE /services/u1/envs/e1', 'DELETE /services/u1/envs/e3',
    ])
  })

  test('sends no empty list, and nothing at all when there is nothing to do', () => {
    const removing = recorded(listed, deleted, deleted)
    expect(removing.platform.variables('u1', {}, ['OLD'])).toMatchObject({ kind: 'ok' })
    expect(paths(removing.requests)[0]).toBe('GET /services/u1/envs')
    const idle = recorded()
    expect(idle.platform.variables('u1', {}, [])).toMatchObject({ kind: 'ok' })
    expect(idle.requests).toEqual([])
  })

  test('an answer that does not name every key is no success', () => {
    const { platform } = recorded(answer(201, [{ uuid: 'e1', key: 'A' }]))
    expect(platform.variables('u1', { A: '1', B: '2' }, [])).toMatchObject({ kind: 'unknown' })
  })

  test('a deletion without an answer is unknown, a list without one waits', () => {
    const lost: HttpReply = { kind: 'lost', message: 'EOF' }
    expect(recorded(lost).platform.variables('u1', {}, ['OLD'])).toMatchObject({ kind: 'wait' })
    expect(recorded(listed, lost).platform.variables('u1', {}, ['OLD'])).toMatchObject({ kind: 'unknown' })
  })

  test.each([
    ['a name with a hyphen', { 'A-B': 'x' }],
    ['a name from a digit', { '1A': 'x' }],
    ['a long name', { ['A'.repeat(256)]: 'x' }],
    ['a quote', { A: "it's" }],
    ['a line break', { A: 'a\nb' }],
    ['a NUL', { A: 'a\0b' }],
    ['a long value', { A: 'x'.repeat(32_769) }],
  ])('%s is refused before anything is sent', (_reason, set) => {
    const { platform, requests } = recorded()
    expect(platform.variables('u1', set, [])).toMatchObject({ kind: 'refused', code: 'platform_refused' })
    expect(requests).toEqual([])
  })

  test('a key that objects inherit is a key like any other', () => {
    const { platform, requests } = recorded(answer(200, [{ uuid: 'e1', key: 'constructor' }]), deleted)
    expect(platform.variables('u1', {}, ['constructor'])).toMatchObject({ kind: 'ok' })
    expect(requests).toHaveLength(2)
  })
})

describe('what is checked before anything is sent', () => {
  const bad = ['', '.', '..', '../projects', 'a/b', 'a?b', 'a%2e', 'ä', 'a\n', 'x'.repeat(256)]
  test.each(bad)('an id %j never becomes part of a path', (id) => {
    const { platform, requests } = recorded()
    const outcomes = [
      platform.environment(id, 'b-1'), platform.find(id, 'b-1', 'bot-1'), platform.find('p1', id, 'bot-1'),
      platform.create({ ...spec, project: id }), platform.create({ ...spec, server: id }),
      platform.update(id, spec), platform.variables(id, { A: '1' }, []), platform.start(id), platform.stop(id),
      platform.restart(id), platform.remove(id), platform.look(id), platform.removeEnvironment(id, 'b-1'),
      platform.removeEnvironment('p1', id), platform.sweep(id), platform.logs(id, 'bot', 10),
    ]
    for (const outcome of outcomes) expect(outcome).toMatchObject({ kind: 'refused', code: 'platform_refused' })
    expect(requests).toEqual([])
  })

  test.each(['', 'ab', 'x'.repeat(256), 'name<b>', 'na;me', 'a\nbc'])('a name %j is refused', (name) => {
    const { platform, requests } = recorded()
    const created = platform.create({ ...spec, name })
    for (const outcome of [platform.project(name), platform.environment('p1', name), created]) {
      expect(outcome).toMatchObject({ kind: 'refused' })
    }
    expect(requests).toEqual([])
  })

  test.each(['', 'a_b', 'A', 'a&lines=9'])('a service key %j is refused', (key) => {
    expect(recorded().platform.logs('u1', key, 10)).toMatchObject({ kind: 'refused' })
  })

  test('an environment name that is allowed is encoded', () => {
    const { platform, requests } = recorded(answer(200, { message: 'Environment deleted.' }))
    platform.removeEnvironment('p1', 'b #1&x')
    expect(requests[0]?.url).toBe(`${api}/projects/p1/environments/b%20%231%26x`)
  })

  const counts = [[1, 1], [0, 1], [-5, 1], [2.9, 2], [100_000, 500], [NaN, 1]] as const
  test.each(counts)('%d log lines become %d', (asked, sent) => {
    const { platform, requests } = recorded(answer(200, { logs: '' }))
    platform.logs('u1', 'bot', asked)
    expect(requests[0]?.url).toContain(`&lines=${sent}&`)
  })

  test('no URLs, no field: an empty list would be refused', () => {
    const { platform, requests } = recorded(written)
    platform.update('u1', { ...spec, urls: [] })
    const sent = JSON.parse(requests[0]?.body ?? '') as object
    expect(Object.keys(sent)).toEqual(['name', 'description', 'docker_compose_raw'])
  })

  const bases = ['https://c.de', 'https://c.de/', 'https://c.de/api/v1', 'https://c.de/api/v1/', ' https://c.de/api']
  test.each(bases)('%j is a base address', (url) => {
    const urls: string[] = []
    coolify({ ...settings, url }, (request) => (urls.push(request.url), answer(200, '4.3.0'))).version()
    expect(urls).toEqual(['https://c.de/api/v1/version'])
  })
})

describe('answers that look like a success', () => {
  test.each([
    ['a POST that a redirect turned into the list of services', 'create', answer(200, [{ uuid: 'u9' }])],
    ['a PATCH that a redirect turned into a look', 'update', answer(200, { id: 1, uuid: 'u1', name: 'bot-1' })],
    ['a DELETE that a redirect turned into a look', 'remove', answer(200, { id: 1, uuid: 'u1', name: 'bot-1' })],
    ['a uuid that would be a path', 'create', answer(201, { uuid: '../x', domains: [] })],
    ['a uuid that is a number', 'create', answer(201, { uuid: 7, domains: [] })],
    ['a bulk answer that is an object', 'variables', answer(201, { message: 'ok' })],
    ['a project without a uuid', 'environment', answer(201, {})],
  ] satisfies [string, Verb, HttpReply][])('%s is unknown', (_reason, verb, reply) => {
    expect(everyVerb[verb](recorded(reply).platform)).toMatchObject({ kind: 'unknown' })
  })

  test.each([
    ['a page in place of a version', 'version', answer(200, '<html>4.3.10</html>')],
    ['a service in the list that has no uuid', 'sweep', answer(200, [{ type: 'service', name: 'bot-1' }])],
    ['an entry without a type', 'sweep', answer(200, [{ uuid: 'u1', name: 'bot-1' }])],
    ['a list that is an object', 'sweep', answer(200, {})],
    ['an environment without services', 'find', answer(200, { id: 3, name: 'b-1' })],
    ['a service without a uuid', 'look', answer(200, { name: 'bot-1' })],
    ['logs without logs', 'logs', answer(200, {})],
  ] satisfies [string, Verb, HttpReply][])('%s is looked at again', (_reason, verb, reply) => {
    expect(everyVerb[verb](recorded(reply).platform)).toMatchObject({ kind: 'wait', code: 'platform_unreachable' })
  })
})

test('base64 is canonical for every text', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
    expect(base64(text)).toBe(Buffer.from(text, 'utf8').toString('base64'))
  }), { numRuns: 500 })
  expect(base64('\ud800x')).toBe(Buffer.from('\ufffdx').toString('base64'))
  const long = 'äöü€😀'.repeat(20_000)
  expect(base64(long)).toBe(Buffer.from(long).toString('base64'))
})
