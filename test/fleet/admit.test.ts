import { describe, expect, test } from 'vitest'
import type { Wish, World } from '../../pb_hooks_src/fleet/admit.ts'
import type { ServerRoom } from '../../pb_hooks_src/fleet/placement.ts'
import type { TemplateVersion } from '../../pb_hooks_src/catalogue/template.ts'
import { admitCreate, admitUpdate } from '../../pb_hooks_src/fleet/admit.ts'
import { choose, freeRoom } from '../../pb_hooks_src/fleet/placement.ts'
import { sentence } from '../../pb_hooks_src/fleet/sentences.ts'
import { isReserved, slugOf, slugPattern, slugWith } from '../../pb_hooks_src/fleet/slug.ts'

const size = { cpuMilli: 500, memoryMib: 512, diskMib: 1024 }
const version = {
  questions: [], variables_from: '', secret_variables_from: '', image_from: '', command_from: '',
  resources: { min: { cpu_milli: 250, memory_mib: 256, disk_mib: 512 }, recommended: { cpu_milli: 500, memory_mib: 512, disk_mib: 1024 }, pids: 100 },
} as unknown as TemplateVersion

function aServer(different: Partial<ServerRoom> = {}): ServerRoom {
  return {
    id: 's1', enabled: true, maintenance: false, pool: '', overcommitCpu: 2, capacity: { cpuMilli: 4000, memoryMib: 8192, diskMib: 100_000 },
    reserved: { cpuMilli: 0, memoryMib: 1024, diskMib: 0 }, committed: { cpuMilli: 0, memoryMib: 0, diskMib: 0 }, ...different,
  }
}

function aWorld(different: Partial<World> = {}): World {
  return {
    tenant: { id: 't1', status: 'active' }, entitlements: { bots: 5, cpu_milli: 4000, memory_mib: 4096, disk_mib: 51_200 },
    others: { bots: 0, deleting: 0, cpuMilli: 0, memoryMib: 0, diskMib: 0 }, version, servers: [aServer()], secretsSet: [], missingValues: [],
    slugTaken: () => false, randomSuffix: () => 'abc234', ...different,
  }
}

const aWish = (different: Partial<Wish> = {}): Wish => ({ ...size, name: 'Mein Bot', desired: 'running', slug: '', customDomain: '', answers: {}, secrets: {}, ...different })

const refused: { name: string; wish?: Partial<Wish>; world?: Partial<World>; codes: string[] }[] = [
  { name: 'unknown template', world: { version: null }, codes: ['template_version template_unknown'] },
  { name: 'empty name', wish: { name: '  ' }, codes: ['name required'] },
  { name: 'name too long', wish: { name: 'x'.repeat(81) }, codes: ['name too_long'] },
  { name: 'text-direction tricks in a name', wish: { name: 'a\u202ebot' }, codes: ['name control_characters'] },
  { name: 'below the template’s minimum', wish: { memoryMib: 128 }, codes: ['memory_mib below_minimum'] },
  { name: 'all sizes below', wish: { cpuMilli: 1, memoryMib: 1, diskMib: 1 }, codes: ['cpu_milli below_minimum', 'memory_mib below_minimum', 'disk_mib below_minimum'] },
  { name: 'no bot left in the plan', world: { others: { bots: 5, deleting: 0, cpuMilli: 0, memoryMib: 0, diskMib: 0 } }, codes: ['tenant plan_bots_exhausted'] },
  { name: 'no memory left in the plan', world: { others: { bots: 1, deleting: 0, cpuMilli: 0, memoryMib: 4000, diskMib: 0 } }, codes: ['memory_mib plan_memory_exhausted'] },
  { name: 'no plan', world: { entitlements: null }, codes: ['tenant no_subscription'] },
  { name: 'suspended', world: { tenant: { id: 't1', status: 'suspended' } }, codes: ['tenant tenant_not_active'] },
  { name: 'no tenant', world: { tenant: { id: '', status: '' } }, codes: ['tenant tenant_missing'] },
  { name: 'a size no server could ever hold', wish: { memoryMib: 64_000 }, world: { entitlements: { bots: null, cpu_milli: null, memory_mib: null, disk_mib: null } }, codes: ['memory_mib no_server_holds_size'] },
  { name: 'slug of a wrong shape', wish: { slug: 'Nein!' }, codes: ['slug slug_shape'] },
  { name: 'slug reserved', wish: { slug: 'admin' }, codes: ['slug slug_reserved'] },
  { name: 'an own domain', wish: { customDomain: 'bot.example.org' }, codes: ['custom_domain custom_domain_later'] },
  { name: 'slug taken', wish: { slug: 'mein-bot' }, world: { slugTaken: () => true }, codes: ['slug slug_taken'] },
]

describe('admission of a new bot', () => {
  test.each(refused)('refuses: $name', ({ wish, world, codes }) => {
    const { refusals, admitted } = admitCreate(aWish(wish), aWorld(world))
    expect(refusals.map((refusal) => `${refusal.field} ${refusal.code}`)).toEqual(codes)
    expect(admitted).toBeNull()
    for (const refusal of refusals) {
      for (const locale of ['de', 'en'] as const) expect(sentence(refusal, locale)).not.toMatch(/[{}]|^[a-z_]+$/)
    }
  })

  test('fills in the recommended size and derives the slug', () => {
    const { admitted } = admitCreate(aWish({ cpuMilli: 0, memoryMib: 0, diskMib: 0, name: 'Köln Süd' }), aWorld())
    expect(admitted).toMatchObject({ ...size, slug: 'koeln-sued', server: 's1' })
  })

  test('a derived slug gives way to what exists', () => {
    expect(admitCreate(aWish(), aWorld({ slugTaken: () => true })).admitted?.slug).toBe('mein-bot-abc234')
  })

  test('is accepted without a server when all are full', () => {
    const full = aServer({ committed: { cpuMilli: 0, memoryMib: 7168, diskMib: 0 } })
    expect(admitCreate(aWish(), aWorld({ servers: [full] })).admitted?.server).toBe('')
  })
})

describe('admission of a change', () => {
  const standing = { ...size, server: 's1', slug: 'mein-bot', desired: 'running' as const, versionChanged: false }
  const codes = (wish: Partial<Wish>, world: Partial<World> = {}, different: object = {}) =>
    admitUpdate(aWish(wish), { ...standing, ...different }, aWorld(world)).refusals.map((refusal) => refusal.code)

  test('a rename is not judged by a plan that was exceeded meanwhile', () => {
    expect(codes({ name: 'Neu' }, { others: { bots: 9, deleting: 0, cpuMilli: 9000, memoryMib: 9000, diskMib: 0 } })).toEqual([])
  })
  test('a larger size is', () => {
    expect(codes({ memoryMib: 2048 }, { others: { bots: 1, deleting: 0, cpuMilli: 0, memoryMib: 3000, diskMib: 0 } })).toEqual(['plan_memory_exhausted'])
  })
  test('a size that does not fit on the bot’s server is refused', () => {
    const tight = aServer({ committed: { cpuMilli: 0, memoryMib: 6656, diskMib: 0 } })
    expect(codes({ memoryMib: 1024 }, { servers: [tight] })).toEqual(['server_has_no_room'])
  })
  test('the address never changes', () => expect(codes({ slug: 'anders' })).toEqual(['slug_is_fixed']))
  test('nothing changes while it is deleted', () => expect(codes({ name: 'x' }, {}, { desired: 'deleted' })).toContain('bot_is_being_deleted'))
})

describe('placement', () => {
  test('fills the fullest server that still has room, a tenant’s own first', () => {
    const fuller = aServer({ id: 's2', committed: { cpuMilli: 0, memoryMib: 4000, diskMib: 0 } })
    const own = aServer({ id: 's3', pool: 't1' })
    expect(choose([aServer(), fuller], 't1', size)).toEqual({ server: 's2' })
    expect(choose([aServer(), fuller, own], 't1', size)).toEqual({ server: 's3' })
    expect(choose([own], 't2', size)).toBe('never')
  })
  test('a server in maintenance takes nobody new but counts as one that could', () => {
    expect(choose([aServer({ maintenance: true })], 't1', size)).toBe('wait')
    expect(choose([aServer({ enabled: false })], 't1', size)).toBe('never')
  })
  test('CPU is promised more than once, memory never', () => {
    expect(freeRoom(aServer())).toEqual({ cpuMilli: 8000, memoryMib: 7168, diskMib: 100_000 })
  })
})

describe('slug', () => {
  test.each([
    ['Kunden-Bot für Köln', 'kunden-bot-fuer-koeln'], ['  ', 'bot'], ['😀', 'bot'], ['ab', 'bot-ab'], ['admin', 'bot-admin'], ['Ünïcode & Söhne GmbH', 'uen-code-soehne-gmbh'],
    ['a'.repeat(80), 'a'.repeat(40)], ['xn--abc', 'bot-xn-abc'],
  ])('of %j', (name, slug) => {
    const made = slugOf(name)
    if (name !== 'Ünïcode & Söhne GmbH' && name !== 'xn--abc') expect(made).toBe(slug)
    expect(made).toMatch(slugPattern)
    expect(isReserved(made)).toBe(false)
    expect(slugWith(made, 'abc234')).toMatch(slugPattern)
  })
})
