import type PocketBase from 'pocketbase'
import type { ClientResponseError, CollectionField, RecordModel } from 'pocketbase'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { botServerFields } from '../../pb_hooks_src/tenancy/access.ts'
import { makeScene, type Scene } from '../support/scene.ts'
import { startPocketBase, until, type Server } from '../support/pocketbase.ts'

// Attacks on PocketBase's data plane that are known to work where rules are careless. The server runs
// without our hooks, so it is the rules alone that stand.

let server: Server
let scene: Scene
let fields: CollectionField[]
beforeAll(async () => {
  server = await startPocketBase({ hooks: false })
  scene = await makeScene(server)
  fields = (await scene.admin.collections.getOne('bot_instances')).fields
})
afterAll(() => server?.stop())

const bots = (client: PocketBase) => client.collection('bot_instances')
const statusOf = (asked: Promise<unknown>): Promise<number> =>
  asked.then(
    () => 200,
    (error: ClientResponseError) => error.status,
  )
const bot = (): Promise<RecordModel> => bots(scene.admin).getOne(scene.ours['bot_instances'] ?? '')

/** A value that the field would take, and that is not what it holds. */
function plausible(name: string): unknown {
  const field = fields.find((one) => one.name === name)
  switch (field?.type) {
    case 'number':
      return 7
    case 'bool':
      return true
    case 'date':
      return '2026-05-05 05:05:05.000Z'
    case 'json':
      return { A: 'planted' }
    case 'select':
      return field['values'].at(-1)
    case 'relation':
      return scene.ours['servers']
    case 'text':
      return 'planted'
    default:
      throw new Error(`bot_instances has no field ${name}`)
  }
}

const stamp = '2020-01-01 00:00:00.000Z'
const given = (field: string): unknown =>
  field === 'created' || field === 'updated' ? stamp : plausible(field)
const kindOf = (name: string): string => fields.find((field) => field.name === name)?.type ?? ''
const isHidden = (name: string): boolean => fields.some((field) => field.name === name && field['hidden'])

test('mass assignment on create: what only the server writes is refused, or dropped if hidden', async () => {
  const count = async () => (await bots(scene.admin).getFullList()).length
  const taken: string[] = []
  for (const field of [...botServerFields, 'created', 'updated']) {
    const before = await count()
    const made = await bots(scene.client.owner)
      .create({ ...scene.botBody(scene.ours), [field]: given(field) })
      .then(
        (record) => record.id,
        (error: ClientResponseError) => error.status,
      )
    // PocketBase takes hidden fields out of a body before it looks at the rule: nothing is left to refuse.
    if (isHidden(field) && typeof made === 'string')
      expect((await bots(scene.admin).getOne(made))[field] || null, field).toBe(null)
    else if (made !== 400 || (await count()) !== before) taken.push(`${field}: ${made}`)
  }
  expect(taken).toEqual([])
  expect(
    await statusOf(
      bots(scene.client.owner).create({ ...scene.botBody(scene.ours), desired_state: 'deleted' }),
    ),
  ).toBe(400)
})

test('mass assignment on update, also through modifiers: refused, and the row is as it was', async () => {
  const before = await bot()
  const taken: string[] = []
  for (const field of [...botServerFields, 'created', 'updated']) {
    const modifiers =
      { number: [`${field}+`, `${field}-`], select: [`${field}+`, `+${field}`, `${field}-`] }[
        kindOf(field)
      ] ?? []
    for (const key of [field, ...modifiers]) {
      const status = await statusOf(bots(scene.client.owner).update(before.id, { [key]: given(field) }))
      if (status !== (isHidden(field) ? 200 : 404)) taken.push(`${key}: ${status}`)
    }
  }
  expect(taken).toEqual([])
  // Without their hidden field those requests were empty saves, which move `updated` and nothing else.
  expect({ ...(await bot()), updated: '' }).toEqual({ ...before, updated: '' })
  expect(await statusOf(bots(scene.client.owner).update(before.id, { desired_state: 'deleted' }))).toBe(404)
})

test('nothing moves to another tenant, and nothing is made there', async () => {
  const { client, ours, theirs } = scene
  const id = ours['bot_instances'] ?? ''
  expect(await statusOf(bots(client.owner).update(id, { tenant: theirs['tenants'] }))).toBe(404)
  expect(
    await statusOf(bots(client.owner).update(id, { tenant: ours['tenants'], name: 'Same tenant' })),
  ).toBe(200)
  expect(await statusOf(bots(client.owner).create(scene.botBody(theirs)))).toBe(400)
  const { tenant: _, ...withoutTenant } = scene.botBody(ours)
  expect(await statusOf(bots(client.owner).create(withoutTenant))).toBe(400)
  expect((await bot())['tenant']).toBe(ours['tenants'])
})

test('hidden fields are neither shown nor found by filter or sort', async () => {
  const hidden = fields.filter((field) => field['hidden']).map(({ name }) => name)
  expect(hidden.sort()).toEqual([
    'applied_keys',
    'clean',
    'command',
    'command_acked',
    'command_at',
    'command_generation',
    'command_hash',
    'compose_hash',
    'misses',
    'platform_project',
    'platform_service',
    'repeats',
    'spec_hash',
    'tried_at',
    'unsure_at',
  ])
  const seen = await bots(scene.client.owner).getOne(scene.ours['bot_instances'] ?? '')
  expect(Object.keys(seen).filter((key) => hidden.includes(key))).toEqual([])
  for (const field of hidden) {
    expect(await statusOf(bots(scene.client.owner).getList(1, 1, { filter: `${field} != "x"` })), field).toBe(
      400,
    )
    expect(await statusOf(bots(scene.client.owner).getList(1, 1, { sort: field })), field).toBe(400)
  }
})

test('a public template tells nobody who runs it: a guess through back-relations finds nothing', async () => {
  const versions = 'bot_template_versions_via_template'
  const instances = 'bot_instances_via_template_version'
  const filter = `${versions}.${instances}.slug ?= "theirs"`
  const found = async (client: PocketBase) =>
    (await client.collection('bot_templates').getFullList({ filter })).length
  expect(await found(scene.client.otherTenant)).toBe(1)
  expect(await found(scene.client.owner)).toBe(0)
  const template = await scene.client.owner
    .collection('bot_templates')
    .getOne(scene.ours['bot_templates'] ?? '', { expand: `${versions}.${instances}` })
  const running = template.expand?.[versions]?.[0]?.expand?.[instances] as RecordModel[]
  expect(new Set(running.map((record) => record['tenant']))).toEqual(new Set([scene.ours['tenants']]))
})

test('a filter cannot reach out of the rule', async () => {
  const reach = [`name != "" || tenant = "${scene.theirs['tenants']}"`, '(name != "")) || (id != ""']
  for (const filter of reach) {
    const seen = await bots(scene.client.owner)
      .getFullList({ filter })
      .catch((error: ClientResponseError) => error.status)
    if (typeof seen === 'number') expect(seen).toBe(400)
    else expect(new Set(seen.map((row) => row['tenant']))).toEqual(new Set([scene.ours['tenants']]))
  }
  expect(
    await statusOf(bots(scene.client.owner).getList(1, 1, { filter: '@collection.users.email != ""' })),
  ).toBe(403)
})

test('a client does not choose record ids: they name services and addresses', async () => {
  expect(
    await statusOf(bots(scene.client.owner).create({ ...scene.botBody(scene.ours), id: 'aaaaaaaaaaaaaaa' })),
  ).toBe(400)
  expect(await statusOf(bots(scene.admin).getOne('aaaaaaaaaaaaaaa'))).toBe(404)
})

test('realtime tells a subscriber about his own tenant only', async () => {
  const { client, ours, theirs, admin } = scene
  const heard: string[] = []
  for (const rows of [ours, theirs])
    await bots(client.owner).subscribe(rows['bot_instances'] ?? '', (event) => {
      heard.push(event.record.id)
    })
  await bots(client.owner).subscribe('*', (event) => {
    heard.push(`* ${event.record.id}`)
  })
  await bots(admin).update(theirs['bot_instances'] ?? '', { name: "Nobody else's business" })
  await bots(admin).update(ours['bot_instances'] ?? '', { name: 'Heard' })
  await until('both events', async () => heard.length >= 2)
  expect(heard.sort()).toEqual([`* ${ours['bot_instances']}`, ours['bot_instances']])
  await bots(client.owner).unsubscribe()
})

test('batches are switched off, and a suspension holds for a token that is already out', async () => {
  const batch = scene.client.owner.createBatch()
  batch.collection('bot_instances').create(scene.botBody(scene.ours))
  expect(await statusOf(batch.send())).toBe(403)

  const tenant = scene.theirs['tenants'] ?? ''
  const rename = () =>
    statusOf(bots(scene.client.otherTenant).update(scene.theirs['bot_instances'] ?? '', { name: 'Renamed' }))
  expect(await rename()).toBe(200)
  for (const status of ['suspended', 'closing']) {
    await scene.admin.collection('tenants').update(tenant, { status })
    expect(await rename(), status).toBe(404)
  }
  expect(await statusOf(bots(scene.client.otherTenant).getOne(scene.theirs['bot_instances'] ?? ''))).toBe(200)
  await scene.admin.collection('tenants').update(tenant, { status: 'active' })
  expect(await rename()).toBe(200)
})
