import type PocketBase from 'pocketbase'
import type { RecordModel } from 'pocketbase'
import { superuser } from './pocketbase.ts'

const limits: Record<string, object> = {
  starter: { bots: 1, cpu_milli: 1000, memory_mib: 1024, disk_mib: 10_240, llm_cents: 2500, members: 1 },
  team: { bots: 5, cpu_milli: 4000, memory_mib: 4096, disk_mib: 51_200, llm_cents: 10_000, members: 5 },
  large: { bots: 1000, cpu_milli: null, memory_mib: null, disk_mib: null, llm_cents: null, members: null },
}

/** A tenant with a subscription; `plan` names a set of limits. */
export async function makeTenant(admin: PocketBase, slug: string, plan = 'team', status = 'active'): Promise<RecordModel> {
  const tenant = await admin.collection('tenants').create({ name: `Tenant ${slug}`, slug, status })
  const sold = await admin.collection('plans').getFirstListItem('slug = "team" && version = 1')
  await admin.collection('subscriptions').create({ tenant: tenant.id, plan: sold.id, entitlements: limits[plan], status: 'active', anchor: '2026-01-01 00:00:00.000Z' })
  return tenant
}

/** A user; the address is `<name>@example.com`, the password everybody's. */
export async function makeUser(admin: PocketBase, name: string, different: Record<string, unknown> = {}): Promise<RecordModel> {
  const { password } = superuser
  const user = await admin.collection('users').create({ email: `${name}@example.com`, password, passwordConfirm: password, verified: true, name, locale: 'en', ...different })
  if (typeof different['tenant'] === 'string' && different['tenant'] !== '') {
    await admin.collection('memberships').create({ user: user.id, tenant: different['tenant'], role: different['role'] })
  }
  return user
}

/** The published version of a template. */
export async function versionOf(client: PocketBase, slug: string): Promise<RecordModel> {
  return client.collection('bot_template_versions').getFirstListItem(`template.slug = "${slug}" && published = true`)
}
