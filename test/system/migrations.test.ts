import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CollectionModel } from 'pocketbase'
import { SERVER_FIELDS } from '../../pb_hooks_src/fleet/body.ts'
import { botServerFields, rules } from '../../pb_hooks_src/tenancy/access.ts'
import { command, startPocketBase, type Server } from '../support/pocketbase.ts'

const migrations = readdirSync(join(dirname(fileURLToPath(import.meta.url)), '../../pb_migrations')).length

let server: Server
let collections: CollectionModel[]
beforeAll(async () => {
  server = await startPocketBase({ hooks: false })
  collections = (await (await server.superuser()).collections.getFullList()).filter(
    (collection) => !collection.system,
  )
})
afterAll(() => server?.stop())

describe('the migrations', () => {
  test('go up, all the way down, and up again', () => {
    const dir = mkdtempSync(join(tmpdir(), 'agents-'))
    try {
      command(dir, ['migrate', 'up'])
      expect(command(dir, ['migrate', 'down', String(migrations)])).toMatch(/Reverted/)
      expect(command(dir, ['migrate', 'up'])).toMatch(/Applied/)
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })

  test('every field of ours says what it is for', () => {
    const silent = collections
      .filter((collection) => collection.type === 'base')
      .flatMap((collection) =>
        collection.fields
          .filter((field) => !field['system'] && field.type !== 'autodate' && !field['help'])
          .map((field) => `${collection.name}.${field.name}`),
      )
    expect(silent).toEqual([])
  })

  test('whole numbers are kept whole', () => {
    const loose = collections
      .filter((collection) => collection.type === 'base')
      .flatMap((collection) =>
        collection.fields
          .filter((field) => field.type === 'number' && !field['onlyInt'])
          .map((field) => `${collection.name}.${field.name}`),
      )
    expect(loose.sort()).toEqual(['connections.tokens', 'servers.overcommit_cpu'])
  })

  test('every rule in the database is the one that access.ts composes', () => {
    const found = Object.fromEntries(
      collections.map((collection) => [
        collection.name,
        {
          list: collection.listRule ?? null,
          view: collection.viewRule ?? null,
          create: collection.createRule ?? null,
          update: collection.updateRule ?? null,
          delete: collection.deleteRule ?? null,
        },
      ]),
    )
    expect(found).toEqual(rules)
    expect(['tenant', ...botServerFields].sort()).toEqual([...SERVER_FIELDS].sort())
  })

  test('no text, JSON or file is without a bound', () => {
    const open = collections.flatMap((collection) =>
      collection.fields
        .filter(
          (field) =>
            !field['system'] &&
            ((field.type === 'text' && !field['max']) || (field.type === 'json' && !field['maxSize'])),
        )
        .map((field) => `${collection.name}.${field.name}`),
    )
    expect(open).toEqual([])
  })

  test('the settings that PocketBase leaves open are closed', async () => {
    const settings = await (await server.superuser()).settings.getAll()
    expect(settings['meta']).toMatchObject({ appName: 'CloudFreedom' })
    expect(settings['batch']).toMatchObject({ enabled: false })
    expect(settings['logs']).toMatchObject({ maxDays: 5, logIP: false })
    expect(settings['trustedProxy']).toEqual({ headers: ['X-Forwarded-For'], useLeftmostIP: false })
    expect(settings['backups']).toMatchObject({ cron: '0 3 * * *', cronMaxKeep: 7 })
    expect(settings['rateLimits'].enabled).toBe(true)
    expect(settings['rateLimits'].rules[0]).toEqual({
      label: '*:auth',
      audience: '',
      maxRequests: 2,
      duration: 3,
    })
  })

  test('the plain tables are there, without a rowid', async () => {
    const made = await server.sql(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%WITHOUT ROWID%' ORDER BY name",
    )
    expect(made.flat()).toEqual([
      'bot_logs',
      'retired_hosts',
      'seen_services',
      'tenant_homes',
      'tenant_turns',
    ])
  })

  test('what turns, sweeps and lists look for is found by an index', async () => {
    const looks = {
      'bot_instances WHERE tenant = 1 AND desired_state = 2': 'idx_bot_instances_tenant',
      'bot_instances WHERE server = 1 AND status = 2': 'idx_bot_instances_server',
      'bot_instances WHERE platform_service = 1': 'idx_bot_instances_platform_service',
      "bot_instances WHERE slug = 'a' AND slug != ''": 'idx_bot_instances_slug',
      "bot_instances WHERE command IN ('start', 'restart') AND command_at > 1": 'idx_bot_instances_command',
      'work WHERE due <= 1': 'idx_work_due',
      'work WHERE queue = 1 AND key = 2': 'idx_work_key',
      'deploy_logs WHERE bot = 1 ORDER BY seq DESC': 'idx_deploy_logs_seq',
      'deploy_logs WHERE at < 1': 'idx_deploy_logs_at',
      'bot_states WHERE bot = 1 AND at > 2': 'idx_bot_states_bot',
      'users WHERE tenant = 1': 'idx_users_tenant',
      'subscriptions WHERE tenant = 1': 'idx_subscriptions_tenant',
      'bot_secrets WHERE bot = 1': 'idx_bot_secrets_key',
    }
    for (const [look, index] of Object.entries(looks)) {
      expect(JSON.stringify(await server.sql(`EXPLAIN QUERY PLAN SELECT * FROM ${look}`)), look).toContain(
        `USING INDEX ${index}`,
      )
    }
  })

  test('rules with both operators are parenthesised, and none rests on what a client chooses', () => {
    for (const collection of collections) {
      for (const rule of [
        collection.listRule,
        collection.viewRule,
        collection.createRule,
        collection.updateRule,
        collection.deleteRule,
      ]) {
        if (!rule) continue
        expect(topLevelMix(rule), `${collection.name}: ${rule}`).toBe(false)
        expect(rule).not.toMatch(/@request\.(headers|query)/)
      }
    }
  })

  test('no relation takes a bot along when something else is deleted', () => {
    const cascading = collections.flatMap((collection) =>
      collection.fields
        .filter((field) => field['cascadeDelete'])
        .map((field) => `${collection.name}.${field.name}`),
    )
    expect(cascading).toEqual([])
  })

  test('the four plans are seeded with the prices of the price list', async () => {
    const plans = await (await server.superuser()).collection('plans').getFullList({ sort: 'price_cents' })
    expect(plans.map((plan) => [plan['slug'], plan['price_cents'], plan['limits'].bots])).toEqual([
      ['starter', 4900, 1],
      ['team', 19_900, 5],
      ['business', 79_900, 20],
      ['sovereign', 300_000, null],
    ])
  })
})

/** True when && and || stand side by side at the same depth. */
function topLevelMix(rule: string): boolean {
  const seen: { and: boolean; or: boolean }[] = [{ and: false, or: false }]
  let mixed = false
  for (let at = 0; at < rule.length; at++) {
    const here = seen[seen.length - 1] as { and: boolean; or: boolean }
    if (rule[at] === '(') seen.push({ and: false, or: false })
    else if (rule[at] === ')') seen.pop()
    else if (rule.startsWith('&&', at)) here.and = true
    else if (rule.startsWith('||', at)) here.or = true
    if (here.and && here.or) mixed = true
  }
  return mixed
}
