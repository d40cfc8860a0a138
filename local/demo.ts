import PocketBase, { ClientResponseError, type RecordModel } from 'pocketbase'
import { berlinMidnight } from './berlin.ts'

export type Account = { email: string; password: string }

/** What `npm start` prints and writes to local/.data/demo.json for scripts. */
export type Demo = {
  portal_url: string
  dashboard_url: string
  api_url: string
  customer: Account
  operator: Account
  superuser: Account
  coolify: { url: string; token: string }
}

const plan = { slug: 'team', version: 1 }
const tenant = { name: 'Demo GmbH', slug: 'demo' }

/** The outcome: made now, there already, or left alone because the superuser's password was changed. */
export type DemoOutcome = 'made' | 'there' | 'locked out'

/**
 * Makes the demo tenant with its subscription, customer and operator, as far as they are missing. Works
 * through the same API as everybody: what is forbidden there is forbidden here.
 * @param url address of PocketBase
 */
export async function makeDemo(
  url: string, superuser: Account, customer: Account, operator: Account,
): Promise<DemoOutcome> {
  const pb = new PocketBase(url)
  pb.autoCancellation(false)
  try {
    await pb.collection('_superusers').authWithPassword(superuser.email, superuser.password)
  } catch (error) {
    if (error instanceof ClientResponseError && error.status === 400) return 'locked out'
    throw error
  }
  const before = await first(pb, 'users', 'email = {:email}', { email: customer.email })
  const home = await ensureTenant(pb)
  const person = { name: 'Dana Demo', tenant: home.id, role: 'owner', staff: '' }
  const owner = await ensureUser(pb, customer, person)
  await ensureMembership(pb, owner.id, home.id)
  await ensureUser(pb, operator, { name: 'Olaf Operator', tenant: '', role: 'viewer', staff: 'operator' })
  return before === null ? 'made' : 'there'
}

async function ensureTenant(pb: PocketBase): Promise<RecordModel> {
  const home = await first(pb, 'tenants', 'slug = {:slug}', { slug: tenant.slug })
    ?? await pb.collection('tenants').create<RecordModel>({ ...tenant, status: 'active' })
  if (await first(pb, 'subscriptions', 'tenant = {:tenant}', { tenant: home.id }) === null) {
    const sold = await first(pb, 'plans', 'slug = {:slug} && version = {:version}', plan)
    if (sold === null) throw new Error(`the plan ${plan.slug} is missing; did a migration remove it?`)
    const { limits, features, price_cents: priceCents } = sold as unknown as Sold
    const midnight = (monthsLater: number) => new Date(berlinMidnight(Date.now(), monthsLater)).toISOString()
    await pb.collection('subscriptions').create({
      tenant: home.id, plan: sold.id, status: 'active', cancel_at_period_end: false,
      // A copy: what was sold stays as it was sold when the plan gets a new version.
      entitlements: {
        ...limits, ...features, price_cents: priceCents, plan: plan.slug, version: plan.version,
      },
      anchor: midnight(0), period_start: midnight(0), period_end: midnight(1),
    })
  }
  return home
}

type Sold = {
  limits: { [name: string]: number | null }
  features: { [name: string]: boolean }
  price_cents: number
}

async function ensureUser(
  pb: PocketBase, account: Account, fields: { name: string; tenant: string; role: string; staff: string },
): Promise<RecordModel> {
  const known = await first(pb, 'users', 'email = {:email}', { email: account.email })
  if (known !== null) return known
  return pb.collection('users').create({
    ...fields, email: account.email, password: account.password, passwordConfirm: account.password,
    emailVisibility: false, verified: true, locale: 'de',
  })
}

async function ensureMembership(pb: PocketBase, user: string, home: string): Promise<void> {
  const known = await first(pb, 'memberships', 'user = {:user} && tenant = {:home}', { user, home })
  if (known === null) await pb.collection('memberships').create({ user, tenant: home, role: 'owner' })
}

async function first(
  pb: PocketBase, collection: string, filter: string, values: { [name: string]: unknown },
): Promise<RecordModel | null> {
  const query = { filter: pb.filter(filter, values), skipTotal: true }
  const found = await pb.collection(collection).getList(1, 1, query)
  return found.items[0] ?? null
}
