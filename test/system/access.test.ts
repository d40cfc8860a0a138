import type PocketBase from 'pocketbase'
import { ClientResponseError } from 'pocketbase'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PEOPLE, makeScene, type Person, type Rows, type Scene } from '../support/scene.ts'
import { startPocketBase, type Server } from '../support/pocketbase.ts'

let server: Server
let scene: Scene
beforeAll(async () => {
  server = await startPocketBase({ hooks: false })
  scene = await makeScene(server)
})
afterAll(() => server?.stop())

const VERBS = ['list', 'view', 'create', 'update', 'delete'] as const
type Verb = (typeof VERBS)[number]

const nobody: Person[] = []
const everybody: Person[] = [...PEOPLE]
const signedIn = everybody.filter((person) => person !== 'guest')
const home: Person[] = ['viewer', 'billing', 'member', 'admin', 'owner', 'suspended']
const readers: Person[] = [...home, 'operator']
const editors: Person[] = ['member', 'admin', 'owner']

type Expected = Partial<Record<Verb, Person[]>>
const read = (people: Person[]): Expected => ({ list: people, view: people })

/** Who may do what with a row of our tenant (the suspended: of theirs); what is not named, nobody. */
const expected: { [collection: string]: Expected } = {
  users: read(readers),
  tenants: { ...read(readers), update: ['admin', 'owner'] },
  memberships: read(readers),
  plans: read(everybody),
  subscriptions: read(readers),
  servers: { ...read(['operator']), update: ['operator'] },
  connections: read(nobody),
  bot_templates: read(signedIn),
  bot_template_versions: read(signedIn),
  bot_instances: { ...read(readers), create: editors, update: editors, delete: editors },
  bot_secrets: read(nobody),
  deploy_logs: read(readers),
  bot_states: read(readers),
  work: read(['operator']),
  audit_events: read(['operator']),
}

const change: { [collection: string]: object } = { servers: { maintenance: true } }

type Attempt = (client: PocketBase, collection: string, rows: Rows) => Promise<void>

const attempts: Record<Verb, Attempt> = {
  list: async (client, collection, rows) => {
    const { items } = await client.collection(collection).getList(1, 500, { skipTotal: true })
    if (!items.some((item) => item.id === rows[collection])) throw new ClientResponseError({ status: 404 })
  },
  view: async (client, collection, rows) => {
    await client.collection(collection).getOne(rows[collection] ?? '')
  },
  create: async (client, collection, rows) => {
    await client
      .collection(collection)
      .create(collection === 'bot_instances' ? scene.botBody(rows) : { name: 'New', tenant: rows['tenants'] })
  },
  update: async (client, collection, rows) => {
    await client
      .collection(collection)
      .update(rows[collection] ?? '', change[collection] ?? { name: 'Renamed' })
  },
  delete: async (client, collection, rows) => {
    const spare =
      collection === 'bot_instances'
        ? (await scene.admin.collection(collection).create(scene.botBody(rows))).id
        : rows[collection]
    await client.collection(collection).delete(spare ?? '')
  },
}

/** 'allowed', 'denied', or what else happened: an error of the server is no denial. */
async function outcome(attempt: () => Promise<void>): Promise<string> {
  try {
    await attempt()
    return 'allowed'
  } catch (error) {
    if (!(error instanceof ClientResponseError)) throw error
    return [400, 401, 403, 404].includes(error.status) ? 'denied' : `status ${error.status}`
  }
}

const statusOf = (asked: Promise<unknown>): Promise<number> =>
  asked.then(
    () => 200,
    (error: ClientResponseError) => error.status,
  )

test('every collection stands in the matrix', async () => {
  const collections = await scene.admin.collections.getFullList()
  expect(Object.keys(expected).sort()).toEqual(
    collections
      .filter(({ system }) => !system)
      .map(({ name }) => name)
      .sort(),
  )
})

describe.each(Object.keys(expected))('%s', (collection) => {
  test.each(VERBS)('%s', async (verb) => {
    const may: string[] = []
    const odd: string[] = []
    for (const person of PEOPLE) {
      const rows = person === 'suspended' ? scene.suspended : scene.ours
      const result = await outcome(() => attempts[verb](scene.client[person], collection, rows))
      if (result === 'allowed') may.push(person)
      else if (result !== 'denied') odd.push(`${person}: ${result}`)
    }
    expect(odd).toEqual([])
    expect(may).toEqual(PEOPLE.filter((person) => (expected[collection]?.[verb] ?? nobody).includes(person)))
  })
})

describe('within a collection', () => {
  test('nobody sees rows of other tenants in a list', async () => {
    for (const collection of ['bot_instances', 'deploy_logs', 'bot_states', 'subscriptions']) {
      const seen = await scene.client.owner.collection(collection).getFullList()
      expect(seen.length).toBeGreaterThan(0)
      expect(new Set(seen.map((row) => row['tenant']))).toEqual(new Set([scene.ours['tenants']]))
    }
  })

  test('drafts, unpublished versions and templates of others are not offered', async () => {
    const { admin, client, theirs } = scene
    const make = (slug: string, more: object) =>
      admin
        .collection('bot_templates')
        .create({ slug, name: { de: slug, en: slug }, visibility: 'public', ...more })
    const version = (template: string, published: boolean) =>
      admin
        .collection('bot_template_versions')
        .create({ template, version: 1, channel: 'stable', spec: { services: [] }, published })
    const draft = await make('draft', { visibility: 'draft' })
    const foreign = await make('foreign', { tenant: theirs['tenants'] })
    const open = await make('open', {})
    const versions = [
      await version(draft.id, true),
      await version(foreign.id, true),
      await version(open.id, false),
    ]
    const sees = async (by: PocketBase) =>
      [
        ...(await by
          .collection('bot_templates')
          .getFullList({ filter: `id = "${draft.id}" || id = "${foreign.id}"` })),
        ...(await by
          .collection('bot_template_versions')
          .getFullList({ filter: versions.map(({ id }) => `id = "${id}"`).join(' || ') })),
      ].map((row) => row.id)
    expect(await sees(client.owner)).toEqual([])
    expect(await sees(client.otherTenant)).toEqual([foreign.id, versions[1]?.id])
    expect((await sees(client.operator)).length).toBe(5)
  })

  test('a user changes the own name, language and password, and nothing that gives rights', async () => {
    const { member } = scene.client
    const me = member.authStore.record?.id ?? ''
    const own = member.collection('users')
    expect(await statusOf(own.update(me, { name: 'Mia', locale: 'de' }))).toBe(200)
    const rights = [
      { role: 'owner' },
      { tenant: scene.theirs['tenants'] },
      { staff: 'operator' },
      { verified: true },
      { email: 'x@example.com' },
      { 'role+': 'owner' },
    ]
    for (const body of rights) expect(await statusOf(own.update(me, body)), JSON.stringify(body)).toBe(404)
    expect(await scene.admin.collection('users').getOne(me)).toMatchObject({
      name: 'Mia',
      locale: 'de',
      role: 'member',
      staff: '',
      tenant: scene.ours['tenants'],
    })
    expect(await statusOf(scene.client.viewer.collection('users').update(me, { name: 'Max' }))).toBe(404)
    const guest = server.client()
    expect(
      await statusOf(
        guest
          .collection('users')
          .create({
            email: 'new@example.com',
            password: 'test-password-1',
            passwordConfirm: 'test-password-1',
          }),
      ),
    ).toBe(403)
  })

  test("an operator may not redirect a server, an owner not rename its tenant's address", async () => {
    const { client, ours } = scene
    for (const body of [
      { platform_uuid: 'x' },
      { connection: 'x' },
      { base_domain: 'x' },
      { reachable: true },
    ]) {
      expect(
        await statusOf(client.operator.collection('servers').update(ours['servers'] ?? '', body)),
        JSON.stringify(body),
      ).toBe(404)
    }
    for (const body of [{ slug: 'x' }, { status: 'closing' }, { suspend_reason: 'x' }]) {
      expect(
        await statusOf(client.owner.collection('tenants').update(ours['tenants'] ?? '', body)),
        JSON.stringify(body),
      ).toBe(404)
    }
  })
})
