import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CollectionModel } from 'pocketbase'
import { command, startPocketBase, type Server } from '../support/pocketbase.ts'

const migrations = readdirSync(join(dirname(fileURLToPath(import.meta.url)), '../../pb_migrations')).length

let server: Server
let collections: CollectionModel[]
beforeAll(async () => {
  server = await startPocketBase({ hooks: false })
  collections = (await (await server.superuser()).collections.getFullList()).filter((collection) => !collection.system)
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
    const silent = collections.filter((collection) => collection.type === 'base').flatMap((collection) => collection.fields
      .filter((field) => !field['system'] && field.type !== 'autodate' && !field['help']).map((field) => `${collection.name}.${field.name}`))
    expect(silent).toEqual([])
  })

  test('whole numbers are kept whole', () => {
    const loose = collections.filter((collection) => collection.type === 'base').flatMap((collection) => collection.fields
      .filter((field) => field.type === 'number' && !field['onlyInt']).map((field) => `${collection.name}.${field.name}`))
    expect(loose.sort()).toEqual(['connections.tokens', 'servers.overcommit_cpu'])
  })

  test('rules with both operators are parenthesised, and none rests on what a client chooses', () => {
    for (const collection of collections) {
      for (const rule of [collection.listRule, collection.viewRule, collection.createRule, collection.updateRule, collection.deleteRule]) {
        if (!rule) continue
        expect(topLevelMix(rule), `${collection.name}: ${rule}`).toBe(false)
        expect(rule).not.toMatch(/@request\.(headers|query)/)
      }
    }
  })

  test('no relation takes a bot along when something else is deleted', () => {
    const cascading = collections.flatMap((collection) => collection.fields.filter((field) => field['cascadeDelete']).map((field) => `${collection.name}.${field.name}`))
    expect(cascading).toEqual([])
  })

  test('the four plans are seeded with the prices of the price list', async () => {
    const plans = await (await server.superuser()).collection('plans').getFullList({ sort: 'price_cents' })
    expect(plans.map((plan) => [plan['slug'], plan['price_cents'], plan['limits'].bots])).toEqual([['starter', 4900, 1], ['team', 19_900, 5], ['business', 79_900, 20], ['sovereign', 300_000, null]])
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
