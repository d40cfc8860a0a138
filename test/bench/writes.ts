import type PocketBase from 'pocketbase'
import type { RecordModel } from 'pocketbase'
import { makeTenant, makeUser, versionOf } from '../support/people.ts'
import { offered, startPlatform } from '../support/platform.ts'
import { startPocketBase, type Server } from '../support/pocketbase.ts'
import { ms, quantile, timed, times, type Row } from './figures.ts'

const rounds = 150

type Bench = { server: Server; owner: PocketBase; admin: PocketBase; tenant: RecordModel; version: string }

/** A server with one owner who may have any number of bots. */
export async function bench(env: Record<string, string>, hooks: boolean): Promise<Bench> {
  const server = await startPocketBase({ env: { ...offered, ...env }, hooks })
  const admin = await server.superuser()
  const tenant = await makeTenant(admin, 'bench', 'large')
  await makeUser(admin, 'bench', { tenant: tenant.id, role: 'owner' })
  const owner = await server.signIn('bench@example.com')
  if (hooks) return { server, owner, admin, tenant, version: (await versionOf(owner, 'echo')).id }
  const template = await admin.collection('bot_templates').create({ slug: 'plain', name: { de: 'x', en: 'x' }, visibility: 'public' })
  const version = await admin.collection('bot_template_versions').create({ template: template.id, version: 1, channel: 'stable', spec: { a: 1 }, published: true })
  return { server, owner, admin, tenant, version: version.id }
}

/** Creates through the API, with and without our hooks, in turn in one run, so that a busy machine slows all alike. */
export async function creates(): Promise<Row[]> {
  const bare = await bench({}, false)
  const full = await bench({ COOLIFY_URL: 'http://127.0.0.1:9', COOLIFY_TOKEN: '1|x', COOLIFY_SERVER_UUID: 'none', BOTS_BASE_URL: 'http://bots.localhost:1', SERVER_MEMORY_MIB: '10000000', SERVER_CPU_MILLI: '10000000' }, true)
  const body = (of: Bench, index: number) => ({ tenant: of.tenant.id, name: `Bot ${index}`, template_version: of.version, desired_state: 'stopped', answers: {} })
  const without: number[] = []
  const withHooks: number[] = []
  const withSecret: number[] = []
  for (let index = -10; index < rounds; index++) {
    const one = await timed(() => bare.owner.collection('bot_instances').create(body(bare, index)))
    const two = await timed(() => full.owner.collection('bot_instances').create(body(full, index)))
    const three = await timed(() => full.owner.collection('bot_instances').create({ ...body(full, index + 1000), secrets: { API_KEY: `a-secret-value-${index}` } }))
    if (index < 0) continue
    without.push(one)
    withHooks.push(two)
    withSecret.push(three)
  }
  await bare.server.stop()
  await full.server.stop()
  const base = quantile(without, 0.5)
  const row = (what: string, values: number[], factor: number): Row => {
    const ratio = quantile(values, 0.5) / base
    return { what, figures: `p50 ${ms(quantile(values, 0.5))} against ${ms(base)} = ${times(ratio)}`, target: `<= ${factor}x`, met: ratio <= factor }
  }
  return [row('create a bot through the API, hooks against none', withHooks, 1.5), row('the same with one secret', withSecret, 2)]
}

/** p99 of writes while the platform hangs for 30 s, against one that answers at once; in one run. */
export async function hanging(): Promise<Row[]> {
  const platform = await startPlatform()
  const { server, owner, version, tenant } = await bench({ ...platform.env, SERVER_MEMORY_MIB: '10000000', SERVER_CPU_MILLI: '10000000' }, true)
  const write = (index: number) => owner.collection('bot_instances').create({ tenant: tenant.id, name: `Bot ${index}`, template_version: version, answers: {} })
  const series = async (from: number) => {
    const values: number[] = []
    for (let index = 0; index < rounds; index++) values.push(await timed(() => write(from + index)))
    return values
  }
  for (let index = 0; index < 20; index++) await write(index)
  const fast = await series(1000)
  platform.faults.hang(30_000)
  const hung = await series(2000)
  await server.stop()
  await platform.close()
  const ratio = quantile(hung, 0.99) / quantile(fast, 0.99)
  return [{ what: 'p99 of creates while the platform hangs 30 s, against fast', figures: `${ms(quantile(hung, 0.99))} against ${ms(quantile(fast, 0.99))} = ${times(ratio)}`, target: '<= 1.1x', met: ratio <= 1.1 }]
}
