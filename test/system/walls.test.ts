import type { ClientResponseError } from 'pocketbase'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeScene, type Scene } from '../support/scene.ts'
import { startPocketBase, type Server } from '../support/pocketbase.ts'

// The triggers and unique indexes that hold when a hook has a mistake. The server runs without hooks; SQL
// goes past the rules too.

let server: Server
let scene: Scene
beforeAll(async () => {
  server = await startPocketBase({ hooks: false })
  scene = await makeScene(server)
})
afterAll(() => server?.stop())

const messageOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'accepted',
    (error: ClientResponseError) => JSON.stringify(error.response),
  )
const statusOf = (asked: Promise<unknown>): Promise<number> =>
  asked.then(
    () => 200,
    (error: ClientResponseError) => error.status,
  )
const bots = () => scene.admin.collection('bot_instances')

test('a secret or an action is never stored, not even an empty one', async () => {
  const id = scene.ours['bot_instances'] ?? ''
  for (const secrets of ['{"K":"v"}', '', '{}', '[]', '5']) {
    expect(
      await messageOf(server.sql(`UPDATE bot_instances SET secrets = '${secrets}' WHERE id = '${id}'`)),
      secrets,
    ).toContain('never stored')
  }
  expect(await messageOf(server.sql(`UPDATE bot_instances SET secrets = 'null' WHERE id = '${id}'`))).toBe(
    'accepted',
  )
  expect(await messageOf(server.sql(`UPDATE bot_instances SET secrets = NULL WHERE id = '${id}'`))).toBe(
    'accepted',
  )
  expect(
    await messageOf(server.sql(`UPDATE bot_instances SET action = 'restart' WHERE id = '${id}'`)),
  ).toContain('never stored')
  expect(await statusOf(bots().create({ ...scene.botBody(scene.ours), secrets: { K: 'v' } }))).toBe(400)
  expect(await statusOf(bots().create({ ...scene.botBody(scene.ours), action: 'restart' }))).toBe(400)
})

test('no more bots than the plan allows (deleted ones apart), none without a subscription', async () => {
  const limit = (entitlements: string) =>
    server.sql(
      `UPDATE subscriptions SET entitlements = '${entitlements}' WHERE tenant = '${scene.ours['tenants']}'`,
    )
  await limit('{"bots": 3}')
  const made = await Promise.all(
    Array.from({ length: 10 }, () => statusOf(bots().create(scene.botBody(scene.ours)))),
  )
  expect(made.filter((status) => status === 200).length).toBe(2)
  const one = await bots().getFirstListItem(`tenant = "${scene.ours['tenants']}"`)
  await bots().update(one.id, { desired_state: 'deleted' })
  expect(await statusOf(bots().create(scene.botBody(scene.ours)))).toBe(200)
  expect(await statusOf(bots().create(scene.botBody(scene.ours)))).toBe(400)
  await limit('{"bots": null}')
  expect(await statusOf(bots().create(scene.botBody(scene.ours)))).toBe(200)
  const bare = await scene.admin
    .collection('tenants')
    .create({ name: 'Bare', slug: 'bare', status: 'active' })
  expect(await statusOf(bots().create(scene.botBody({ ...scene.ours, tenants: bare.id })))).toBe(400)
})

test('a deleted bot does not come back, and no bot changes its tenant', async () => {
  const one = await bots().create(scene.botBody(scene.theirs))
  expect(
    await messageOf(
      server.sql(`UPDATE bot_instances SET tenant = '${scene.ours['tenants']}' WHERE id = '${one.id}'`),
    ),
  ).toContain('never changes its tenant')
  await bots().update(one.id, { desired_state: 'deleted' })
  for (const state of ['running', 'stopped'])
    expect(await statusOf(bots().update(one.id, { desired_state: state })), state).toBe(400)
  expect(await statusOf(bots().update(one.id, { name: 'Still going' }))).toBe(200)
})

test('host and slug are unique where they are set', async () => {
  const { botBody, ours } = scene
  expect(await statusOf(bots().create({ ...botBody(ours), host: 'theirs.example.com' }))).toBe(400)
  expect(await statusOf(bots().create({ ...botBody(ours), slug: 'theirs' }))).toBe(400)
  expect(await statusOf(bots().create(botBody(ours)))).toBe(200)
  expect(await statusOf(bots().create(botBody(ours)))).toBe(200)
})

test('history is not rewritten; the audit is not even deleted', async () => {
  for (const table of ['deploy_logs', 'bot_states', 'audit_events']) {
    const id = scene.ours[table]
    expect(
      await messageOf(server.sql(`UPDATE ${table} SET tenant = 'other' WHERE id = '${id}'`)),
      table,
    ).toMatch(/not rewritten|kept as they are/)
    const deleted = await messageOf(server.sql(`DELETE FROM ${table} WHERE id = '${id}'`))
    if (table === 'audit_events') expect(deleted).toContain('kept as they are')
    else expect(deleted).toBe('accepted')
  }
})

test('a sold plan is frozen but for name and sale; the same JSON in another order is no change', async () => {
  const plans = scene.admin.collection('plans')
  const team = scene.ours['plans'] ?? ''
  for (const body of [
    { price_cents: 1 },
    { slug: 'other' },
    { version: 2 },
    { limits: { bots: 99 } },
    { features: { sso: true } },
  ]) {
    expect(await statusOf(plans.update(team, body)), JSON.stringify(body)).toBe(400)
  }
  const { limits } = await plans.getOne(team)
  const turned = Object.fromEntries(Object.entries(limits as object).reverse())
  expect(
    await statusOf(
      plans.update(team, { limits: turned, for_sale: false, name: { de: 'Gruppe', en: 'Team' } }),
    ),
  ).toBe(200)
  expect(await statusOf(plans.delete(team))).toBe(400)
  const starter = await plans.getFirstListItem('slug = "starter"')
  expect(await statusOf(plans.update(starter.id, { price_cents: 5000 }))).toBe(200)
})

test('a published template version is frozen except for its note, a draft is free', async () => {
  const versions = scene.admin.collection('bot_template_versions')
  const published = scene.ours['bot_template_versions'] ?? ''
  const other = await scene.admin
    .collection('bot_templates')
    .create({ slug: 'other', name: { de: 'a', en: 'a' }, visibility: 'draft' })
  for (const body of [
    { spec: { services: [{ a: 1 }] } },
    { checksum: 'x' },
    { version: 2 },
    { template: other.id },
    { published: false },
  ]) {
    expect(await statusOf(versions.update(published, body)), JSON.stringify(body)).toBe(400)
  }
  expect(await statusOf(versions.update(published, { note: 'seen', spec: { services: [] } }))).toBe(200)
  const draft = await versions.create({
    template: other.id,
    version: 1,
    channel: 'edge',
    spec: { a: { b: [1, 2] } },
  })
  expect(await statusOf(versions.update(draft.id, { spec: { a: { b: [2, 1] } }, published: true }))).toBe(200)
  expect(await statusOf(versions.update(draft.id, { spec: { a: { b: [1, 2] } } }))).toBe(400)
})

test('a tenant with bots, members or a subscription is not deleted, and takes nothing along', async () => {
  expect(await statusOf(scene.admin.collection('tenants').delete(scene.ours['tenants'] ?? ''))).toBe(400)
  expect(await statusOf(bots().getOne(scene.theirs['bot_instances'] ?? ''))).toBe(200)
})
