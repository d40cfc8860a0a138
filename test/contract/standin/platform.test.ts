import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { LocalPlatform } from '../../../local/coolify/index.ts'
import type { Platform } from '../../../pb_hooks_src/fleet/ports.ts'
import { startLocalPlatform } from '../../../local/coolify/index.ts'
import { transport } from '../../../local/coolify/transport.ts'
import { coolify as client } from '../../../pb_hooks_src/doors/coolify/client.ts'
import { ask, builtBot, until } from './built.ts'

const token = '1|local'
const serverUuid = 'server0000000000000000aa'
const host = 'mein-bot.bots.localhost'
let built: ReturnType<typeof builtBot>
let platform: LocalPlatform | null = null

beforeAll(() => { built = builtBot() })
afterAll(() => built.remove())
afterEach(async () => {
  await platform?.close()
  platform = null
})

async function start(dataDir: string): Promise<LocalPlatform> {
  platform = await startLocalPlatform({
    dataDir, coolifyPort: 0, routerPort: 0, serverUuid, token, program: built.program, statusLagMs: 100,
  })
  return platform
}

/** The control plane's own client, as it will be used. */
const door = ({ coolify }: LocalPlatform): Platform =>
  client({ url: 'http://coolify.local', token, timeoutSeconds: 20 }, transport(coolify, 'http://coolify.local'))

function value<T>(outcome: { kind: string; value?: T; message?: string }): T {
  if (outcome.kind !== 'ok') throw new Error(`${outcome.kind}: ${outcome.message ?? ''}`)
  return outcome.value as T
}

const document = (greeting: string): string => JSON.stringify({
  services: { bot: {
    image: 'registry.example/echo:1', environment: { BOT_PORT: '8080', STATE_DIR: '/data', BOT_CONFIG: '/etc/echo/echo.json' },
    volumes: [
      { type: 'volume', source: 'state', target: '/data' },
      { type: 'bind', source: './files/echo.json', target: `/etc/echo/echo.json`, content: JSON.stringify({ greeting }) },
    ],
  } },
  volumes: { state: {} },
})

function deploy(running: Platform): string {
  const project = value(running.project('t-tenant'))
  value(running.environment(project, 'b-bot'))
  const { uuid } = value(running.create({
    project, environment: 'b-bot', server: serverUuid, name: 'bot-bot', description: 'bot', compose: document('Servus'),
    urls: [{ name: 'bot', url: `http://${host}:8080` }],
  }))
  value(running.variables(uuid, { API_KEY: 'sk-very-secret' }, []))
  value(running.start(uuid))
  return uuid
}

const echo = async (text: string): Promise<{ status: number; text: string }> =>
  ask(platform?.routerPort ?? 0, '/echo', { host: `${host}:8100`, body: JSON.stringify({ text }), headers: { 'content-type': 'application/json' } })
const runs = (running: Platform, uuid: string) => until('running', () => {
  const seen = running.look(uuid)
  return seen.kind === 'ok' && seen.value.state === 'running'
})

describe('the local platform', () => {
  test('takes a bot from nothing to a page, its logs, a stop, another run and its end', async () => {
    const dataDir = join(built.folder, 'platform')
    let running = door(await start(dataDir))
    expect((await echo('hallo')).status).toBe(404)
    const uuid = deploy(running)
    await runs(running, uuid)
    await until('an answer', async () => (await echo('hallo')).status === 200)
    expect(JSON.parse((await echo('hallo')).text)).toEqual({ text: 'Servus hallo' })
    const logs = value(running.logs(uuid, 'bot', 100))
    expect(logs).toContain('API_KEY')
    expect(logs).not.toContain('sk-very-secret')

    value(running.stop(uuid))
    await until('stopped', () => platform?.coolify.services()[0]?.state.state === 'none')
    expect((await echo('hallo')).status).toBe(502)
    expect(running.logs(uuid, 'bot', 10)).toMatchObject({ kind: 'refused', code: 'container_not_running' })

    // Not before the status says so: until then Coolify would answer that it is still running.
    await until('exited', () => platform?.coolify.services()[0]?.status === 'exited')
    value(running.start(uuid))
    await runs(running, uuid)
    await platform?.close()
    running = door(await start(dataDir))
    await runs(running, uuid)
    await until('an answer after the new start', async () => (await echo('da')).text.includes('Servus da'))

    value(running.remove(uuid))
    await until('gone', () => running.look(uuid).kind === 'gone')
    expect(platform?.coolify.volumes()).toEqual([])
    expect((await echo('hallo')).status).toBe(404)
  })

  test('saves for its owner only, and puts a file aside that it cannot read', async () => {
    const dataDir = join(built.folder, 'saved')
    const file = join(dataDir, 'coolify.json')
    value(door(await start(dataDir)).project('t-kept'))
    await platform?.close()
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(JSON.parse(readFileSync(file, 'utf8')).projects).toMatchObject([{ name: 't-kept' }])
    writeFileSync(file, '{"projects":')
    await start(dataDir)
    expect(readFileSync(`${file}.broken`, 'utf8')).toBe('{"projects":')
    expect(platform?.coolify.services()).toEqual([])
  })

  test('frees its ports when one of them is taken', async () => {
    const first = await start(join(built.folder, 'ports'))
    const options = { dataDir: join(built.folder, 'other'), coolifyPort: 0, serverUuid, token, program: built.program }
    await expect(startLocalPlatform({ ...options, routerPort: first.routerPort })).rejects.toThrow('EADDRINUSE')
    await expect(startLocalPlatform({ ...options, coolifyPort: Number(new URL(first.url).port), routerPort: 0 })).rejects.toThrow('EADDRINUSE')
  })
})
