import type PocketBase from 'pocketbase'
import { afterEach, describe, expect, test } from 'vitest'
import { makeTenant, makeUser, versionOf } from '../support/people.ts'
import { startPlatform, type Platform } from '../support/platform.ts'
import { command, startPocketBase, templateFolder, until, type Server } from '../support/pocketbase.ts'

let server: Server | null = null
let platform: Platform | null = null
afterEach(async () => {
  await server?.stop()
  await platform?.close()
  server = null
  platform = null
})

type Started = { admin: PocketBase; deploy: (name?: string) => Promise<string>; status: (id: string) => Promise<string>; reaches: (id: string, status: string) => Promise<unknown> }

async function start(different: Parameters<typeof startPlatform>[0] = {}, env: Record<string, string> = {}): Promise<Started> {
  platform = await startPlatform(different)
  server = await startPocketBase({ env: { ...platform.env, ...env } })
  const admin = await server.superuser()
  const tenant = await makeTenant(admin, 'trouble', 'large')
  await makeUser(admin, 'owner', { tenant: tenant.id, role: 'owner' })
  const owner = await server.signIn('owner@example.com')
  const echo = await versionOf(owner, 'echo')
  const status = async (id: string) => {
    const client = await server!.superuser()
    const bot = await client.collection('bot_instances').getOne(id)
    return `${bot['status']} ${bot['status_reason']}`
  }
  return {
    admin, status,
    deploy: async (name = 'Probe') => (await owner.collection('bot_instances').create({ name, template_version: echo.id, answers: {} })).id,
    reaches: (id, wanted) => until(`${wanted}`, async () => (await status(id)).startsWith(wanted), 40_000),
  }
}

describe('a platform that cannot be used keeps bots queued, says why, and goes on by itself', () => {
  test('unreachable', async () => {
    const { deploy, reaches, admin } = await start({}, { COOLIFY_URL: 'http://127.0.0.1:9' })
    const id = await deploy()
    await reaches(id, 'queued platform_unreachable')
    const summary = await admin.send('/api/ops/summary', {})
    expect(summary.connections[0]).toMatchObject({ state: 'unreachable' })
    expect(summary.attention).toHaveLength(1)
  })

  test.each([
    ['token wrong', {}, { COOLIFY_TOKEN: '2|wrong' }, 'queued platform_token_refused', 'unauthorised'],
    ['token too weak', { abilities: ['read'] }, {}, 'queued platform_token_weak', 'forbidden'],
    ['API switched off (answers 403 with success: true)', { apiEnabled: false }, {}, 'queued platform_api_disabled', 'disabled'],
    ['version too old', { version: '4.1.2' }, {}, 'queued platform_too_old', 'too_old'],
  ])('%s', async (_name, different, env, wanted, state) => {
    const { deploy, reaches, admin } = await start(different, env)
    await reaches(await deploy(), wanted)
    expect((await admin.send('/api/ops/summary', {})).connections[0]).toMatchObject({ state })
  })

  test('when the cause is gone, the bot runs without a hand', async () => {
    const { deploy, reaches } = await start()
    platform!.faults.outage(3000)
    const id = await deploy()
    await reaches(id, 'queued platform_unreachable')
    await reaches(id, 'running healthy')
  })
})

test('a template that needs what the operator has not set is refused at once, with its name', async () => {
  const { admin } = await start({}, { LLM_ROUTER_KEY: '' })
  const version = await versionOf(admin, 'openclaw')
  const owner = await server!.signIn('owner@example.com')
  const failed = await owner.collection('bot_instances').create({ name: 'x', template_version: version.id, answers: {} }).catch((error: { response: { data: object } }) => error.response.data)
  expect(JSON.stringify(failed)).toContain('llm_key')
})

describe('servers and tenants that bots depend on stay', () => {
  test('a server with bots is not deleted or moved; one made or switched on again by hand is swept', async () => {
    const { admin, deploy, reaches } = await start()
    await reaches(await deploy(), 'running')
    const own = await admin.collection('servers').getFirstListItem('platform_uuid != ""')
    expect(await admin.collection('servers').delete(own.id).then(() => 'deleted', () => 'refused')).toBe('refused')
    expect(await admin.collection('servers').update(own.id, { platform_uuid: 'other' }).then(() => 'moved', () => 'refused')).toBe('refused')
    await admin.collection('servers').update(own.id, { enabled: false })
    await admin.collection('servers').update(own.id, { enabled: true })
    expect(await admin.collection('work').getFullList({ filter: `queue = "sweep" && key = "${own.id}"` })).toHaveLength(1)
    await reaches(await deploy('Zweiter'), 'running')
    const tenant = await admin.collection('tenants').getFirstListItem('slug = "trouble"')
    expect(await admin.collection('tenants').delete(tenant.id).then(() => 'deleted', () => 'refused')).toBe('refused')
  })

  test('eleven bots at once come up at the budget a real Coolify has', async () => {
    const { deploy, status } = await start({}, { COOLIFY_CALLS_PER_MINUTE: '150' })
    const ids = await Promise.all(Array.from({ length: 11 }, (_, index) => deploy(`Bot ${index}`)))
    await until('eleven running', async () => (await Promise.all(ids.map(status))).every((one) => one.startsWith('running')), 100_000)
    const calls = platform!.coolify.journal.filter((entry) => entry.path.endsWith('/environments'))
    expect(calls.length).toBeLessThanOrEqual(12)
  }, 120_000)
})

describe('a process that is killed loses nothing', () => {
  test.each(['queued', 'provisioning', 'running', 'stopping', 'updating', 'deleting'])('in phase %s', async (phase) => {
    const { admin, deploy, reaches, status } = await start({ startMs: 600 })
    const id = await deploy()
    const bots = admin.collection('bot_instances')
    if (phase !== 'queued' && phase !== 'provisioning') await reaches(id, 'running')
    if (phase === 'stopping') await bots.update(id, { desired_state: 'stopped' })
    if (phase === 'updating') await bots.update(id, { answers: { GREETING: 'Neu' } })
    if (phase === 'deleting') await bots.delete(id)
    if (phase === 'provisioning') await until('provisioning', async () => (await status(id)).startsWith('provisioning'))
    await server!.restart('SIGKILL')
    if (phase === 'deleting') {
      await until('gone', async () => (await server!.superuser()).collection('bot_instances').getOne(id).then(() => false, () => true), 60_000)
      expect(platform!.coolify.services()).toHaveLength(0)
      return
    }
    await reaches(id, phase === 'stopping' ? 'stopped' : 'running')
    expect(platform!.coolify.services().filter((service) => service.name === `bot-${id}`)).toHaveLength(1)
    if (phase === 'updating') expect(platform!.coolify.services()[0]?.compose).toContain('Neu')
  })
})

describe('a server that is not set up right says so', () => {
  test.each([
    ['no key', {}, /SECRETS_KEY_<id> is missing/],
    ['a short key', { SECRETS_KEY_k1: 'short' }, /SECRETS_KEY_k1 must be exactly 32/],
  ])('%s: not ready, with the variable’s name', async (_name, env, message) => {
    const { spawn } = await import('node:child_process')
    const { cpSync, mkdtempSync, rmSync } = await import('node:fs')
    const { tmpdir } = await import('node:os')
    const { join } = await import('node:path')
    const { binary, freePort } = await import('../support/pocketbase.ts')
    const dir = mkdtempSync(join(tmpdir(), 'agents-'))
    cpSync(templateFolder(), dir, { recursive: true })
    const port = await freePort()
    const child = spawn(binary(), ['serve', `--http=127.0.0.1:${port}`, `--dir=${dir}`, '--hooksDir=pb_hooks', '--migrationsDir=pb_migrations', '--publicDir=pb_public', '--dev=false', '--hooksWatch=false', '--automigrate=false'],
      { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: 'ignore' })
    try {
      const body = await until('an answer', () => fetch(`http://127.0.0.1:${port}/api/ready`).then(async (reply) => (reply.status === 503 ? reply.text() : null), () => null))
      expect(body).toMatch(message)
    } finally {
      child.kill('SIGKILL')
      rmSync(dir, { recursive: true, force: true })
    }
  })

  test('exit codes of a wrong command are not zero', () => {
    expect(() => command(templateFolder(), ['nonsense'])).toThrow()
  })
})
