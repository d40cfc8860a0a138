import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type PocketBase from 'pocketbase'
import type { RecordModel } from 'pocketbase'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeTenant, makeUser, versionOf } from '../support/people.ts'
import { startPlatform, type Platform } from '../support/platform.ts'
import { startPocketBase, until, type Server } from '../support/pocketbase.ts'

const secret = 'kvz-never-to-be-seen-91b7'
let server: Server
let platform: Platform
let admin: PocketBase
let owner: PocketBase
let echo: RecordModel
let tenant: RecordModel

beforeAll(async () => {
  platform = await startPlatform()
  server = await startPocketBase({ env: platform.env })
  admin = await server.superuser()
  tenant = await makeTenant(admin, 'life', 'large')
  await makeUser(admin, 'owner', { tenant: tenant.id, role: 'owner', locale: 'de' })
  owner = await server.signIn('owner@example.com')
  echo = await versionOf(owner, 'echo')
})
afterAll(async () => {
  await server?.stop()
  await platform?.close()
})

const bots = (client: PocketBase = owner) => client.collection('bot_instances')
const deploy = (body: object = {}, client = owner) => bots(client).create({ name: 'Probe', template_version: echo.id, answers: { GREETING: 'Moin' }, ...body })
const reaches = (id: string, status: string, generation = 0) => until(`${id} ${status}`, async () => {
  const bot = await bots(admin).getOne(id)
  return bot['status'] === status && bot['observed_generation'] === bot['generation'] && bot['generation'] >= generation ? bot : null
})
const serviceOf = (id: string) => platform.coolify.services().find((service) => service.name === `bot-${id}`)
const gone = (id: string) => until(`${id} gone`, () => bots(admin).getOne(id).then(() => false, () => true))
const rest = async (method: string, path: string, client: PocketBase, body?: object) => {
  const reply = await fetch(`${server.url}${path}`, {
    method, headers: { authorization: client.authStore.token, ...(body ? { 'content-type': 'application/json' } : {}) }, ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await reply.text()
  return { status: reply.status, body: text === '' ? null : JSON.parse(text) }
}

test('the whole life of a bot, by records through the SDK', async () => {
  const seen: string[] = []
  const bot = await deploy({ secrets: { API_KEY: secret } })
  await bots().subscribe(bot.id, (event) => { if (seen[seen.length - 1] !== event.record['status']) seen.push(event.record['status'] as string) })
  expect(bot).toMatchObject({ status: 'queued', can: ['stop', 'edit', 'destroy'], secrets: null, url: 'http://probe.bots.localhost:8100' })
  await reaches(bot.id, 'running')
  expect(serviceOf(bot.id)?.envs['API_KEY']).toBe(secret)
  expect(serviceOf(bot.id)?.compose).not.toContain(secret)

  await bots().update(bot.id, { desired_state: 'stopped' })
  await reaches(bot.id, 'stopped', 2)
  expect(platform.runner.state(serviceOf(bot.id)?.uuid ?? '').state).not.toBe('running')

  await bots().update(bot.id, { desired_state: 'running' })
  await reaches(bot.id, 'running', 3)

  await bots().update(bot.id, { action: 'restart' })
  expect((await reaches(bot.id, 'running', 4))['action']).toBe('')

  await bots().update(bot.id, { answers: { GREETING: 'Servus' } })
  await reaches(bot.id, 'running', 5)
  expect(serviceOf(bot.id)?.compose).toContain('Servus')

  await bots().update(bot.id, { secrets: { API_KEY: 'another-secret-value' } })
  await reaches(bot.id, 'running', 6)
  expect(serviceOf(bot.id)?.envs['API_KEY']).toBe('another-secret-value')

  await bots().update(bot.id, { secrets: { API_KEY: null } })
  await reaches(bot.id, 'running', 7)
  expect(serviceOf(bot.id)?.envs).not.toHaveProperty('API_KEY')

  await bots().update(bot.id, { memory_mib: 512 })
  await reaches(bot.id, 'running', 8)
  expect(serviceOf(bot.id)?.compose).toContain('512m')

  const renamed = await bots().update(bot.id, { name: 'Neuer Name' })
  expect(renamed).toMatchObject({ generation: 8, revision: 9, slug: 'probe' })

  await bots().update(bot.id, { action: 'redeploy' })
  await reaches(bot.id, 'running', 9)
  await bots().unsubscribe()
  expect(seen).toEqual(expect.arrayContaining(['provisioning', 'running', 'stopping', 'stopped', 'starting', 'restarting', 'updating']))

  await bots().delete(bot.id)
  await gone(bot.id)
  expect(serviceOf(bot.id)).toBeUndefined()
  const steps = (await owner.collection('deploy_logs').getFullList({ filter: `bot = "${bot.id}"`, sort: 'seq' })).map((line) => line['step'])
  expect(steps[0]).toBe('accepted')
  expect(steps[steps.length - 1]).toBe('finalised')
  expect((await owner.collection('bot_states').getFullList({ filter: `bot = "${bot.id}"` })).length).toBeGreaterThan(8)
  expect(await admin.collection('bot_secrets').getFullList({ filter: `bot = "${bot.id}"` })).toEqual([])
})

test('at most six calls deploy a bot', async () => {
  const before = platform.coolify.journal.length
  const bot = await deploy({ name: 'Zählen' })
  await reaches(bot.id, 'running')
  const calls = platform.coolify.journal.slice(before).filter((entry) => !/\/resources$|\/version$/.test(entry.path))
  expect(calls.map((entry) => `${entry.method} ${entry.path}`).length, JSON.stringify(calls.map((entry) => `${entry.method} ${entry.path}`))).toBeLessThanOrEqual(6)
})

test('OpenClaw and its LTS line run too, with the router’s key among the variables only', async () => {
  for (const slug of ['openclaw', 'openclaw-lts', 'custom-image']) {
    const version = await versionOf(owner, slug)
    const answers = slug === 'custom-image' ? { IMAGE: `ghcr.io/acme/bot:1@sha256:${'c'.repeat(64)}`, PORT: 8080 } : {}
    const bot = await deploy({ name: slug, template_version: version.id, answers })
    await reaches(bot.id, 'running')
    const service = serviceOf(bot.id)
    expect(service?.compose).not.toContain('router-key-of-the-tests')
    if (slug !== 'custom-image') expect(service?.envs['LLM_ROUTER_KEY']).toBe('router-key-of-the-tests')
    await bots().delete(bot.id)
    await gone(bot.id)
  }
})

describe('the dashboard’s door', () => {
  test('a superuser creates, and a full stale form changes only what he changed', async () => {
    const bot = await bots(admin).create({ tenant: tenant.id, name: 'Vom Admin', template_version: echo.id, desired_state: 'running', answers: {}, secrets: null })
    const form = await bots(admin).getOne(bot.id)
    await reaches(bot.id, 'running')
    await bots(admin).update(bot.id, { ...form, desired_state: 'stopped' })
    const stopped = await reaches(bot.id, 'stopped')
    expect(stopped).toMatchObject({ generation: 2, log_seq: expect.any(Number) })
    expect(stopped['platform_service']).not.toBe('')
    const stale = await bots(admin).getOne(bot.id)
    await bots(admin).update(bot.id, { ...stale, action: 'restart', desired_state: 'running' })
    await reaches(bot.id, 'running', 3)
  })

  test('deleting in the dashboard is the same intent', async () => {
    const bot = await bots(admin).create({ tenant: tenant.id, name: 'Weg damit', template_version: echo.id, desired_state: 'running' })
    await reaches(bot.id, 'running')
    await bots(admin).delete(bot.id)
    expect((await bots(admin).getOne(bot.id).catch(() => null))?.['status'] ?? 'deleting').toBe('deleting')
    await gone(bot.id)
    expect(serviceOf(bot.id)).toBeUndefined()
  })

  test('Truncate cannot make bots vanish from the records while they run', async () => {
    const bot = await deploy({ name: 'Bleibt' })
    await reaches(bot.id, 'running')
    await admin.collections.truncate('bot_instances').catch(() => undefined)
    expect((await bots(admin).getOne(bot.id))['status']).toBe('running')
  })
})

describe('the REST door', () => {
  test('deploys, orders and refuses like the records do', async () => {
    const made = await rest('POST', '/api/bots', owner, { name: 'Per REST', template_version: echo.id, answers: { GREETING: 'Hi' }, secrets: { API_KEY: secret } })
    expect(made.status).toBe(202)
    const { id } = made.body as { id: string }
    expect(made.body).not.toHaveProperty('platform_service')
    await reaches(id, 'running')
    expect((await rest('POST', `/api/bots/${id}/start`, owner)).status).toBe(409)
    for (const [verb, status] of [['stop', 'stopped'], ['start', 'running'], ['restart', 'running'], ['redeploy', 'running']] as const) {
      const before = (await bots(admin).getOne(id))['generation'] as number
      expect((await rest('POST', `/api/bots/${id}/${verb}`, owner)).status).toBe(202)
      await reaches(id, status, before + 1)
    }
    expect((await rest('POST', `/api/bots/${id}/explode`, owner)).status).toBe(404)
    expect((await rest('POST', `/api/bots/${id}/destroy`, owner)).status).toBe(202)
    await gone(id)
  })

  test('every verb needs a signed-in editor of the tenant', async () => {
    const bot = await deploy({ name: 'Fremd' })
    const other = await makeTenant(admin, 'other-rest', 'large')
    await makeUser(admin, 'stranger', { tenant: other.id, role: 'owner' })
    await makeUser(admin, 'looker', { tenant: tenant.id, role: 'viewer' })
    const stranger = await server.signIn('stranger@example.com')
    const looker = await server.signIn('looker@example.com')
    await reaches(bot.id, 'running')
    expect((await bots(looker).getOne(bot.id))['can']).toEqual(['open'])
    expect((await bots(admin).getOne(bot.id))['can']).toContain('destroy')
    for (const verb of ['start', 'stop', 'restart', 'redeploy', 'destroy']) {
      expect((await rest('POST', `/api/bots/${bot.id}/${verb}`, server.client())).status).toBe(401)
      expect((await rest('POST', `/api/bots/${bot.id}/${verb}`, stranger)).status).toBe(404)
      expect((await rest('POST', `/api/bots/${bot.id}/${verb}`, looker)).status).toBe(403)
    }
    expect((await rest('GET', `/api/bots/${bot.id}/logs`, stranger)).status).toBe(404)
    expect((await rest('POST', '/api/bots', looker, { name: 'x', template_version: echo.id })).status).toBe(403)
    expect((await rest('GET', '/api/ops/summary', owner)).status).toBe(403)
  })
})

describe('bad input is refused with the field’s name, and nothing is stored or sent', () => {
  const cases: [string, object, string][] = [
    ['unknown template', { template_version: 'abcdefghijklmno' }, 'template_version'],
    ['unknown field', { colour: 'red' }, 'colour'],
    ['a word for a number', { memory_mib: 'viel' }, 'memory_mib'],
    ['an unknown answer', { answers: { NOPE: 1 } }, 'answers.NOPE'],
    ['a wrong choice', { answers: { TONE: 'rude' } }, 'answers.TONE'],
    ['too small', { memory_mib: 1 }, 'memory_mib'],
    ['larger than any server', { memory_mib: 900_000 }, 'memory_mib'],
    ['a reserved slug', { slug: 'admin' }, 'slug'],
    ['a line break in a secret', { secrets: { API_KEY: 'a\nb' } }, 'secrets.API_KEY'],
    ['an own domain, not offered yet', { custom_domain: 'bot.example.org' }, 'custom_domain'],
  ]
  test.each(cases)('%s', async (_name, body, field) => {
    const count = (await bots(admin).getList(1, 1)).totalItems
    const calls = platform.coolify.journal.filter((entry) => entry.method !== 'GET').length
    const failed = await deploy({ name: 'Falsch', ...body }).then(() => null, (error: { status: number; response: { data: Record<string, { message: string }> } }) => error)
    expect(failed?.status).toBe(400)
    expect(Object.keys(failed?.response.data ?? {})).toContain(field)
    expect(failed?.response.data[field]?.message).toMatch(/^[A-ZÄÖÜ„].*\.$/)
    expect((await bots(admin).getList(1, 1)).totalItems).toBe(count)
    expect(platform.coolify.journal.filter((entry) => entry.method !== 'GET').length).toBe(calls)
  })

  test.each([
    ['text after the object', '{"name":"Falsch"} and more', 'application/json', 'body'],
    ['a form', 'name=Falsch&memory_mib=abc', 'application/x-www-form-urlencoded; x=json', 'body'],
    ['a form with files', '--json\r\nContent-Disposition: form-data; name="name"\r\n\r\nFalsch\r\n--json--\r\n', 'multipart/form-data; boundary=json', 'body'],
    ['a body without bounds', JSON.stringify({ name: 'Falsch', answers: Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`K${index}`, 1])) }), 'application/json', 'answers'],
  ])('%s', async (_name, body, type, field) => {
    const reply = await fetch(`${server.url}/api/collections/bot_instances/records`, { method: 'POST', headers: { authorization: owner.authStore.token, 'content-type': type }, body })
    expect(reply.status).toBe(400)
    expect(Object.keys(((await reply.json()) as { data: object }).data)).toEqual([field])
  })

  test('another tenant’s private template does not exist', async () => {
    const other = await makeTenant(admin, 'private', 'large')
    const template = await admin.collection('bot_templates').create({ slug: 'secret-sauce', name: { de: 'x', en: 'x' }, visibility: 'public', tenant: other.id })
    const version = await admin.collection('bot_template_versions').create({ template: template.id, version: 1, channel: 'stable', spec: echo['spec'], published: true })
    const failed = await deploy({ template_version: version.id }).catch((error: { response: { data: object } }) => error.response.data)
    expect(failed).toHaveProperty('template_version')
  })

  test('a published version must be whole: a compose key off the white list and an image without digest are refused', async () => {
    const template = await admin.collection('bot_templates').getFirstListItem('slug = "echo"')
    const spec = echo['spec'] as { services: object[]; images: object[]; version: number }
    const publish = (changed: object, version: number) => admin.collection('bot_template_versions').create({ template: template.id, version, channel: 'stable', spec: { ...spec, version, ...changed }, published: true })
      .then(() => ({}), (error: { response: { data: object } }) => error.response.data)
    expect(Object.keys(await publish({ services: [{ ...spec.services[0], privileged: true }] }, 2)).join()).toMatch(/privileged/)
    expect(Object.keys(await publish({ images: [{ ...spec.images[0], digest: '' }] }, 3)).join()).toMatch(/images/)
  })
})

test('no secret stands in any file of the data folder, in any log or in what was printed', async () => {
  const bot = await deploy({ name: 'Geheim', secrets: { API_KEY: secret } })
  await reaches(bot.id, 'running')
  await deploy({ name: 'Falsch', secrets: { API_KEY: secret }, memory_mib: 1 }).catch(() => undefined)
  await bots(admin).update(bot.id, { secrets: { API_KEY: `${secret}-2` } })
  await new Promise((done) => setTimeout(done, 3500))
  for (const file of readdirSync(server.dir, { recursive: true, encoding: 'utf8' })) {
    const path = join(server.dir, file)
    if (statSync(path).isFile()) expect(readFileSync(path).includes(secret), file).toBe(false)
  }
  expect(server.log()).not.toContain(secret)
})

test('60 parallel creates at a limit of five leave five', async () => {
  const small = await makeTenant(admin, 'five', 'team')
  await makeUser(admin, 'five', { tenant: small.id, role: 'owner' })
  const client = await server.signIn('five@example.com')
  const results = await Promise.all(Array.from({ length: 60 }, (_, index) => bots(client).create({ name: `Bot ${index}`, template_version: echo.id, answers: {} })
    .then(() => 'stored', (error: { response: { data: Record<string, { code: string }> } }) => error.response.data['tenant']?.code ?? JSON.stringify(error.response))))
  expect(results.filter((result) => result === 'stored').length).toBe(5)
  expect(new Set(results.filter((result) => result !== 'stored'))).toEqual(new Set(['plan_bots_exhausted']))
})

test('of 20 parallel edits with one If-Match exactly one wins', async () => {
  const bot = await deploy({ name: 'Wettlauf' })
  const { revision } = await reaches(bot.id, 'running')
  const results = await Promise.all(Array.from({ length: 20 }, (_, index) => bots().update(bot.id, { name: `Name ${index}` }, { headers: { 'If-Match': String(revision) } })
    .then(() => 'won', (error: { status: number }) => error.status)))
  expect(results.filter((result) => result === 'won').length).toBe(1)
  expect(results.filter((result) => result === 412).length).toBe(19)
})

test('a suspended tenant’s bots are really stopped, nothing can be changed, and all resumes by itself', async () => {
  const late = await makeTenant(admin, 'late', 'team')
  await makeUser(admin, 'late', { tenant: late.id, role: 'owner' })
  const client = await server.signIn('late@example.com')
  const bot = await bots(client).create({ name: 'Gesperrt', template_version: echo.id, answers: {} })
  await reaches(bot.id, 'running')
  await admin.collection('tenants').update(late.id, { status: 'suspended', suspend_reason: 'overdue' })
  await reaches(bot.id, 'suspended')
  expect(platform.runner.state(serviceOf(bot.id)?.uuid ?? '').state).not.toBe('running')
  expect(await bots(client).update(bot.id, { name: 'x' }).catch((error: { status: number }) => error.status)).toBe(404)
  await admin.collection('tenants').update(late.id, { status: 'active' })
  await reaches(bot.id, 'running')
})

test('the container’s log arrives, redacted', async () => {
  const bot = await deploy({ name: 'Log', secrets: { API_KEY: secret } })
  await reaches(bot.id, 'running')
  platform.runner.say(serviceOf(bot.id)?.uuid ?? '', `connected with ${secret}`)
  const logs = await until('lines', async () => {
    const { body } = await rest('GET', `/api/bots/${bot.id}/logs`, owner)
    return (body.lines as string[]).some((line) => line.includes('connected with')) ? (body.lines as string[]) : null
  })
  expect(logs.join('\n')).not.toContain(secret)
  expect(logs.join('\n')).toContain('[secret]')
})

test('the audit chain holds', async () => {
  const events = await admin.collection('audit_events').getFullList({ sort: 'seq' })
  expect(events.length).toBeGreaterThan(10)
  events.forEach((event, index) => {
    expect(event['seq']).toBe(index + 1)
    expect(event['prev_hash']).toBe(index === 0 ? '' : events[index - 1]?.['hash'])
  })
  expect(JSON.stringify(events)).not.toContain(secret)
})
