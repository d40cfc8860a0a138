import type PocketBase from 'pocketbase'
import type { RecordModel } from 'pocketbase'
import { makeTenant, makeUser } from './people.ts'
import type { Server } from './pocketbase.ts'

/** Everybody whose rights differ; `otherTenant` is an owner elsewhere, `suspended` one who is suspended. */
export const PEOPLE = [
  'guest',
  'otherTenant',
  'viewer',
  'billing',
  'member',
  'admin',
  'owner',
  'suspended',
  'support',
  'operator',
] as const
export type Person = (typeof PEOPLE)[number]

/** The id of one row of every collection: a tenant's own, or one that all share. */
export type Rows = { [collection: string]: string }

export type Scene = {
  admin: PocketBase
  client: Record<Person, PocketBase>
  /** Rows of the tenant in the middle, of another tenant and of a suspended one. */
  ours: Rows
  theirs: Rows
  suspended: Rows
  /** The body of a bot that this tenant may create; each call has another name. */
  botBody(rows: Rows): Record<string, unknown>
}

const at = '2026-01-02 03:04:05.678Z'

/** Fills a server (without hooks) with three tenants, their people and a row of every collection for each. */
export async function makeScene(server: Server): Promise<Scene> {
  const admin = await server.superuser()
  const shared = await sharedRows(admin)
  const ours = await tenantRows(admin, 'ours', shared)
  const theirs = await tenantRows(admin, 'theirs', shared)
  const suspended = await tenantRows(admin, 'suspended', shared)
  const tenant = ours['tenants'] ?? ''
  for (const role of ['viewer', 'billing', 'member', 'admin', 'owner'])
    await makeUser(admin, role, { tenant, role })
  await makeUser(admin, 'otherTenant', { tenant: theirs['tenants'], role: 'owner' })
  await makeUser(admin, 'suspended', { tenant: suspended['tenants'], role: 'owner' })
  await makeUser(admin, 'support', { staff: 'support' })
  await makeUser(admin, 'operator', { staff: 'operator' })
  await admin.collection('tenants').update(suspended['tenants'] ?? '', { status: 'suspended' })
  const client: Partial<Record<Person, PocketBase>> = { guest: server.client() }
  for (const person of PEOPLE) client[person] ??= await server.signIn(`${person}@example.com`)
  let count = 0
  const botBody = (rows: Rows) => ({
    tenant: rows['tenants'],
    name: `Bot ${++count}`,
    template_version: rows['bot_template_versions'],
    desired_state: 'running',
    answers: { A: 'b' },
  })
  return { admin, client: client as Record<Person, PocketBase>, ours, theirs, suspended, botBody }
}

async function sharedRows(admin: PocketBase): Promise<Rows> {
  const make = async (collection: string, body: object): Promise<string> =>
    (await admin.collection(collection).create(body)).id
  const template = await make('bot_templates', {
    slug: 'offered',
    name: { de: 'Angebot', en: 'Offer' },
    visibility: 'public',
  })
  return {
    plans: (await admin.collection('plans').getFirstListItem('slug = "team"')).id,
    servers: await make('servers', {
      name: 'one',
      platform_uuid: 'uuid-1',
      country: 'DE',
      overcommit_cpu: 2,
      base_scheme: 'https',
      enabled: true,
    }),
    connections: await make('connections', { name: 'default', state: 'ok' }),
    bot_templates: template,
    bot_template_versions: await make('bot_template_versions', {
      template,
      version: 1,
      channel: 'stable',
      spec: { services: [] },
      published: true,
    }),
  }
}

async function tenantRows(admin: PocketBase, slug: string, shared: Rows): Promise<Rows> {
  const make = (collection: string, body: object): Promise<RecordModel> =>
    admin.collection(collection).create(body)
  const tenant = await makeTenant(admin, slug, 'large')
  const colleague = await makeUser(admin, `colleague-${slug}`, { tenant: tenant.id, role: 'viewer' })
  const bot = await make('bot_instances', {
    tenant: tenant.id,
    name: `Bot of ${slug}`,
    template_version: shared['bot_template_versions'],
    desired_state: 'running',
    status: 'running',
    host: `${slug}.example.com`,
    slug,
    server: shared['servers'],
    platform_service: `service-${slug}`,
  })
  const of = { tenant: tenant.id, bot: bot.id }
  const id = async (collection: string, body: object): Promise<string> => (await make(collection, body)).id
  const first = async (collection: string): Promise<string> =>
    (await admin.collection(collection).getFirstListItem(`tenant = "${tenant.id}"`)).id
  return {
    ...shared,
    tenants: tenant.id,
    users: colleague.id,
    memberships: await first('memberships'),
    subscriptions: await first('subscriptions'),
    bot_instances: bot.id,
    bot_secrets: await id('bot_secrets', {
      bot: bot.id,
      key: 'API_KEY',
      ciphertext: 'k1:cipher',
      fingerprint: 'abc',
      set_at: at,
    }),
    deploy_logs: await id('deploy_logs', {
      ...of,
      seq: 1,
      step: 'accepted',
      level: 'info',
      message: 'Accepted',
      at,
    }),
    bot_states: await id('bot_states', { ...of, at, status: 'running' }),
    work: await id('work', { queue: 'fleet', key: bot.id, tenant: tenant.id, due: at, revision: 1 }),
    audit_events: await id('audit_events', {
      seq: { ours: 1, theirs: 2 }[slug] ?? 3,
      at,
      tenant: tenant.id,
      actor_type: 'user',
      action: 'bot.create',
      hash: 'h',
    }),
  }
}
