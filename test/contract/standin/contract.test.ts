import { describe, expect, test } from 'vitest'
import { Asking, base64, compose, server } from './asking.ts'

const url = (text: string | null, name = 'bot'): object => ({ urls: [{ name, url: text }] })
const bad = (body: object): object => ({ ...body, docker_compose_raw: 'bm8' })

describe('the gate', () => {
  test.each<[string, Record<string, string>, string, string, number, string]>([
    ['no token', { Authorization: '' }, 'GET', '/projects', 401, 'Unauthenticated.'],
    ['an unknown token', { Authorization: 'Bearer 9|no' }, 'GET', '/projects', 401, 'Unauthenticated.'],
    ['read may not write', { Authorization: 'Bearer 2|reader' }, 'POST', '/projects', 403, 'Missing required permissions: write'],
    ['write does not imply read', { Authorization: 'Bearer 3|writer' }, 'GET', '/projects', 403, 'Missing required permissions: read'],
    ['read may not deploy', { Authorization: 'Bearer 2|reader' }, 'POST', '/services/x/start', 403, 'Missing required permissions: deploy'],
    ['root passes', { Authorization: 'Bearer 4|root' }, 'GET', '/projects', 200, ''],
    ['an unknown route', {}, 'GET', '/nothing/here', 404, 'Not found.'],
    ['a lifecycle call by GET', {}, 'GET', '/services/x/stop', 405, 'This endpoint has changed to a POST request.'],
    ['a service that is not there', {}, 'GET', '/services/x', 404, 'Service not found.'],
    ['a project that is not there', {}, 'GET', '/projects/x', 404, 'Project not found.'],
    ['a server that is not there', {}, 'GET', '/servers/x/resources', 404, 'Server not found.'],
  ])('%s', (_, headers, method, path, status, message) => {
    const answer = new Asking().ask(method, path, method === 'POST' ? { name: 'abc' } : undefined, headers)
    expect(answer.status).toBe(status)
    if (message !== '') expect(answer.json.message).toBe(message)
  })

  test('names a missing route by its docs key and nothing else', () => {
    const asking = new Asking()
    expect(asking.ask('GET', '/nothing').json.docs).toBe('https://coolify.io/docs')
    expect(asking.ask('GET', '/services/x').json.docs).toBeUndefined()
    expect(asking.ask('GET', '/services/x/start').headers['allow']).toBe('POST')
  })

  test('is open for health only, and answers text', () => {
    const asking = new Asking({ version: '4.3.11' })
    expect(asking.ask('GET', '/health', undefined, { Authorization: '' })).toMatchObject({ status: 200, text: 'OK' })
    expect(asking.ask('GET', '/version')).toMatchObject({ status: 200, text: '4.3.11' })
    expect(asking.ask('GET', '/version', undefined, { Authorization: '' }).status).toBe(401)
  })

  test('a disabled API says 403 with success', () => {
    const asking = new Asking({ apiEnabled: false })
    expect(asking.ask('GET', '/version')).toMatchObject({ status: 403, json: { success: true, message: 'API is disabled.' } })
  })

  test('a revoked token is a plain 401', () => {
    const asking = new Asking()
    asking.coolify.gate.revoke('1|full')
    expect(asking.ask('GET', '/projects').status).toBe(401)
  })

  test('counts requests per minute over all tokens and says when to come back', () => {
    const asking = new Asking({ rateLimitPerMinute: 3 })
    expect(asking.ask('GET', '/projects').headers).toMatchObject({ 'x-ratelimit-limit': '3', 'x-ratelimit-remaining': '2' })
    asking.ask('GET', '/projects', undefined, { Authorization: 'Bearer 2|reader' })
    asking.ask('GET', '/projects')
    asking.pass(20_000)
    const refused = asking.ask('GET', '/projects')
    expect(refused).toMatchObject({ status: 429, json: { message: 'Too Many Attempts.' }, headers: { 'retry-after': '40' } })
    asking.pass(40_000)
    expect(asking.ask('GET', '/projects').status).toBe(200)
  })

  test('hides documents and values from a token that may not see them', () => {
    const asking = new Asking()
    const uuid = asking.service('bot-a')
    asking.ask('POST', `/services/${uuid}/envs`, { key: 'KEY', value: 'hidden-value', is_literal: true })
    const blind = { Authorization: 'Bearer 2|reader' }
    expect(asking.ask('GET', `/services/${uuid}`).json.docker_compose_raw).toContain('registry.example/echo:1')
    expect(asking.ask('GET', `/services/${uuid}/envs`).json[0]).toMatchObject({ value: 'hidden-value', real_value: "'hidden-value'" })
    expect(asking.ask('GET', `/services/${uuid}`, undefined, blind).json).not.toHaveProperty('docker_compose_raw')
    expect(asking.ask('GET', `/services/${uuid}/envs`, undefined, blind).text).not.toContain('hidden-value')
  })
})

describe('bodies', () => {
  test.each<[string, string, Record<string, string>, string]>([
    ['another content type', '{"name":"abc"}', { 'Content-Type': 'text/plain' }, 'Content-Type must be application/json.'],
    ['no JSON', '{"name":', {}, 'Invalid JSON.'],
    ['an empty object', '{}', {}, 'Empty JSON.'],
    ['nothing', '', {}, 'Empty JSON.'],
  ])('%s', (_, body, headers, error) => {
    const answer = new Asking().ask('POST', '/projects', body, headers)
    expect(answer).toMatchObject({ status: 400, json: { message: 'Invalid request.', error } })
  })

  test.each(['/projects', '/services'])('POST %s refuses an unknown field', (path) => {
    const answer = new Asking().ask('POST', path, { name: 'abc', colour: 'red' })
    expect(answer).toMatchObject({ status: 422, json: { errors: { colour: ['This field is not allowed.'] } } })
  })
})

describe('projects and environments', () => {
  test('names of projects are not unique, names of environments are', () => {
    const asking = new Asking()
    const made = ['t-a', 't-a'].map((name) => asking.ask('POST', '/projects', { name }))
    expect(made.map(({ status }) => status)).toEqual([201, 201])
    const listed = asking.ask('GET', '/projects').json as { id: number; uuid: string; name: string }[]
    expect(listed.map(({ name }) => name)).toEqual(['t-a', 't-a'])
    const path = `/projects/${made[0]?.json.uuid}/environments`
    expect(asking.ask('POST', path, { name: 'b-1' }).status).toBe(201)
    expect(asking.ask('POST', path, { name: 'b-1' }).status).toBe(409)
    expect(asking.ask('POST', path, { name: 'production' }).status).toBe(409)
  })

  test('are changed with 201 and deleted only when nothing is in them', () => {
    const asking = new Asking()
    const body = asking.body('bot-a')
    const project = String(body['project_uuid'])
    const uuid = asking.ask('POST', '/services', body).json.uuid
    expect(asking.ask('PATCH', `/projects/${project}`, { name: 'renamed' }).status).toBe(201)
    expect(asking.ask('PATCH', `/servers/${server}`, { name: 'renamed' }).status).toBe(201)
    const services = asking.ask('GET', `/projects/${project}/production`).json.services
    expect(services).toMatchObject([{ uuid, name: 'bot-a', status: 'exited', applications: [{ name: 'bot' }] }])
    expect(asking.ask('DELETE', `/projects/${project}/environments/production`).status).toBe(400)
    expect(asking.ask('DELETE', `/projects/${project}`).json.message).toBe('Project has resources, so it cannot be deleted.')
    asking.ask('DELETE', `/services/${uuid}?docker_cleanup=false`)
    expect(asking.ask('DELETE', `/projects/${project}`).status).toBe(400)
    asking.pass(1000)
    expect(asking.ask('DELETE', `/projects/${project}/environments/production`).status).toBe(200)
    expect(asking.ask('DELETE', `/projects/${project}/environments/production`).status).toBe(404)
    expect(asking.ask('DELETE', `/projects/${project}`).status).toBe(200)
    expect(asking.ask('GET', `/projects/${project}`).status).toBe(404)
  })
})

describe('creating a service', () => {
  test.each<[string, (body: { [field: string]: unknown }) => object, number]>([
    ['base64 without padding', bad, 422],
    ['base64 with a line break', (body) => ({ ...body, docker_compose_raw: `${base64(compose())}\n` }), 422],
    ['bytes that are no UTF-8', (body) => ({ ...body, docker_compose_raw: Buffer.from([0xff, 0xfe, 0xfd]).toString('base64') }), 422],
    ['YAML without services', (body) => ({ ...body, docker_compose_raw: base64('volumes: {}') }), 422],
    ['no YAML', (body) => ({ ...body, docker_compose_raw: base64('services: [}') }), 500],
    ['no environment', ({ environment_name: _, ...body }) => body, 422],
    ['a template and a document', (body) => ({ ...body, type: 'ghost' }), 422],
    ['no document', ({ docker_compose_raw: _, ...body }) => body, 422],
    ['connect_to_docker_network', (body) => ({ ...body, connect_to_docker_network: true }), 422],
    ['another project', (body) => ({ ...body, project_uuid: 'x' }), 404],
    ['another server', (body) => ({ ...body, server_uuid: 'x' }), 404],
    ['another environment', (body) => ({ ...body, environment_name: 'x' }), 404],
    ['a URL of a service that is not there', (body) => ({ ...body, ...url('https://a.example.de', 'web') }), 422],
    ['a URL with another scheme', (body) => ({ ...body, ...url('ftp://a.example.de') }), 422],
    ['a URL for a shell', (body) => ({ ...body, ...url('https://a.example.de/`id`') }), 422],
    ['a URL twice', (body) => ({ ...body, ...url('https://a.example.de,https://a.example.de') }), 422],
    ['an URL entry with another field', (body) => ({ ...body, urls: [{ name: 'bot', url: 'https://a.example.de', port: 1 }] }), 422],
    ['YAML with comments', (body) => ({ ...body, docker_compose_raw: base64('# ours\nservices:\n  bot:\n    image: a:1\n') }), 201],
  ])('with %s', (_, change, status) => {
    const asking = new Asking()
    const answer = asking.ask('POST', '/services', change(asking.body('bot-a')))
    expect(answer.status).toBe(status)
    // The one answer that leaves a row behind without being a success.
    expect(asking.coolify.services()).toHaveLength(status === 201 || status === 500 ? 1 : 0)
  })

  test('that cannot be parsed leaves a row without applications', () => {
    const asking = new Asking()
    const body = asking.body('bot-a', { docker_compose_raw: base64('services: [}') })
    expect(asking.ask('POST', '/services', body)).toMatchObject({ status: 500, json: { message: 'Server Error' } })
    const [row] = asking.ask('GET', `/projects/${body['project_uuid']}/production`).json.services
    expect(row).toMatchObject({ name: 'bot-a', applications: [], status: 'unknown:unknown:excluded' })
  })

  test('answers uuid and domains, and a taken domain is a 409 that leaves nothing', () => {
    const asking = new Asking()
    const made = asking.ask('POST', '/services', asking.body('bot-a', url('https://a.example.de:8080')))
    expect(made.json).toEqual({ uuid: expect.stringMatching(/^[a-z0-9]{24}$/), domains: ['https://a.example.de:8080'] })
    const taken = asking.ask('POST', '/services', asking.body('bot-b', url('https://a.example.de:8080')))
    expect(taken).toMatchObject({ status: 409, json: { conflicts: [{ domain: 'https://a.example.de:8080', service_name: 'bot-a' }] } })
    expect(asking.coolify.services().map(({ name }) => name)).toEqual(['bot-a'])
    const other = asking.ask('POST', '/services', asking.body('bot-c', url('https://a.example.de:9090')))
    expect(other.status).toBe(201)
    const forced = asking.body('bot-d', { ...url('https://a.example.de:8080'), force_domain_override: true })
    expect(asking.ask('POST', '/services', forced).status).toBe(201)
  })

  test('does not keep names unique', () => {
    const asking = new Asking()
    const body = asking.body('bot-a')
    expect([1, 2].map(() => asking.ask('POST', '/services', body).status)).toEqual([201, 201])
    expect(asking.coolify.services()).toHaveLength(2)
  })
})

describe('changing a service', () => {
  test('a refused URL leaves the new document behind', () => {
    const asking = new Asking()
    asking.service('bot-a', url('https://a.example.de:8080'))
    const uuid = asking.service('bot-b', url('https://b.example.de:8080'))
    const body = { docker_compose_raw: base64(compose({ image: 'registry.example/echo:2' })), ...url('https://a.example.de:8080') }
    expect(asking.ask('PATCH', `/services/${uuid}`, body).status).toBe(409)
    const row = asking.coolify.services().find((service) => service.uuid === uuid)
    expect(row?.compose).toContain('registry.example/echo:2')
    expect(row?.urls).toEqual([{ service: 'bot', url: 'https://b.example.de:8080' }])
  })

  test('the content of a file that is known wins over the document', () => {
    const asking = new Asking()
    const file = (target: string, content: string): object =>
      ({ docker_compose_raw: base64(compose({ volumes: [{ type: 'bind', source: './files/a', target, content }] })) })
    const uuid = asking.service('bot-a', file('/etc/a', 'first'))
    asking.ask('PATCH', `/services/${uuid}`, file('/etc/a', 'second'))
    expect(asking.coolify.services()[0]?.files).toEqual([{ service: 'bot', source: './files/a', target: '/etc/a', content: 'first' }])
    asking.ask('PATCH', `/services/${uuid}`, file('/etc/b', 'third'))
    expect(asking.coolify.services()[0]?.files.map(({ target, content }) => [target, content])).toEqual([['/etc/a', 'first'], ['/etc/b', 'third']])
    expect(asking.coolify.services()[0]?.compose).not.toContain('content')
  })

  test('an application whose compose service is gone stays, and makes the rest look degraded', () => {
    const asking = new Asking()
    const uuid = asking.service('bot-a', { docker_compose_raw: base64(compose({}, { side: { image: 'side:1' } })) })
    asking.ask('PATCH', `/services/${uuid}`, { docker_compose_raw: base64(compose()) })
    asking.ask('POST', `/services/${uuid}/start`)
    asking.pass(20_000)
    expect(asking.ask('GET', `/services/${uuid}/applications`).json.map(({ name }: { name: string }) => name)).toEqual(['bot', 'side'])
    expect(asking.status(uuid)).toBe('degraded:unhealthy')
  })

  test('volumes get the uuid in front, and Coolify adds its own keys for the host', () => {
    const asking = new Asking()
    const document = compose({ volumes: [{ type: 'volume', source: 'My_State', target: '/data' }], environment: { A: '$$x', B: '${NEEDED}' } })
    const uuid = asking.service('bot-a', { docker_compose_raw: base64(document), ...url('https://a.example.de:8080') })
    asking.ask('POST', `/services/${uuid}/start`)
    asking.pass(20_000)
    expect(asking.coolify.volumes()).toEqual([{ name: `${uuid}_my-state`, service: uuid }])
    const started = asking.runner.started(uuid)
    const bot = (started?.document['services'] as any).bot
    expect(bot).toMatchObject({ container_name: `bot-${uuid}`, restart: 'unless-stopped', env_file: ['.env'] })
    expect(bot.environment).toMatchObject({ A: '$$x', COOLIFY_RESOURCE_UUID: uuid, COOLIFY_FQDN: 'a.example.de:8080', SERVICE_NAME_BOT: 'bot' })
    expect(started?.variables).toEqual({ NEEDED: '' })
  })
})

describe('variables', () => {
  test.each<[string, string, string, object, number]>([
    ['a new one', 'POST', '', { key: 'B', value: '1' }, 201],
    ['one that is there', 'POST', '', { key: 'A', value: '1' }, 409],
    ['a bad key', 'POST', '', { key: '1A', value: '1' }, 422],
    ['an unknown field', 'POST', '', { key: 'B', value: '1', colour: 'red' }, 422],
    ['a change', 'PATCH', '', { key: 'A', value: '2' }, 201],
    ['a change of one that is not there', 'PATCH', '', { key: 'B', value: '2' }, 404],
    ['many', 'PATCH', '/bulk', { data: [{ key: 'A', value: '2' }, { key: 'B', value: '3' }] }, 201],
    ['none', 'PATCH', '/bulk', { data: [] }, 400],
  ])('%s', (_, method, path, body, status) => {
    const asking = new Asking()
    const uuid = asking.service('bot-a')
    asking.ask('POST', `/services/${uuid}/envs`, { key: 'A', value: '1' })
    expect(asking.ask(method, `/services/${uuid}/envs${path}`, body).status).toBe(status)
  })

  test('a bulk call has no transaction and never deletes; a value left out becomes null', () => {
    const asking = new Asking()
    const uuid = asking.service('bot-a')
    const envs = `/services/${uuid}/envs`
    asking.ask('PATCH', `${envs}/bulk`, { data: [{ key: 'A', value: ' 1 ' }, { key: 'B', value: '2' }] })
    expect(asking.ask('PATCH', `${envs}/bulk`, { data: [{ key: 'C', value: '3' }, { key: '-', value: '4' }, { key: 'D', value: '5' }] }).status).toBe(422)
    expect(asking.coolify.services()[0]?.envs).toEqual({ A: '1', B: '2', C: '3' })
    asking.ask('PATCH', `${envs}/bulk`, { data: [{ key: 'A' }] })
    asking.ask('PATCH', envs, { key: 'B' })
    expect(asking.coolify.services()[0]?.envs).toEqual({ A: null, B: null, C: '3' })
    const [first] = asking.ask('GET', envs).json
    expect(asking.ask('DELETE', `${envs}/${first.uuid}`).status).toBe(200)
    expect(asking.ask('DELETE', `${envs}/${first.uuid}`).status).toBe(404)
    expect(Object.keys(asking.coolify.services()[0]?.envs ?? {})).toEqual(['B', 'C'])
  })

  test('what is shown once is never shown again', () => {
    const asking = new Asking()
    const uuid = asking.service('bot-a')
    asking.ask('POST', `/services/${uuid}/envs`, { key: 'A', value: 'seen-no-more', is_shown_once: true })
    expect(asking.ask('GET', `/services/${uuid}/envs`).text).not.toContain('seen-no-more')
  })
})
