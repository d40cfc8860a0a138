import { spawn, type ChildProcess } from 'node:child_process'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { page } from '../../../local/bot/page.ts'
import { echoed, settingsOf } from '../../../local/bot/settings.ts'
import { ask, builtBot, until } from './built.ts'

const nothing = () => { throw new Error('no such file') }
const file = (content: object) => () => JSON.stringify(content)

describe('settings', () => {
  test('the file goes before variables, and those before what is usual', () => {
    expect(settingsOf({}, nothing)).toMatchObject({ greeting: 'Hallo', repeats: 1, shout: false, set: [] })
    expect(settingsOf({ GREETING: 'Moin' }, nothing).greeting).toBe('Moin')
    const both = { GREETING: 'Moin', BOT_CONFIG: '/etc/echo.json' }
    expect(settingsOf(both, file({ greeting: 'Servus' })).greeting).toBe('Servus')
    expect(settingsOf(both, () => '{broken').greeting).toBe('Moin')
  })

  test.each([['0', 1], ['3', 3], ['99', 5], ['x', 1]])('REPEATS=%s is %i', (given, repeats) => {
    expect(settingsOf({ REPEATS: given }, nothing).repeats).toBe(repeats)
  })

  test('an echo greets, repeats and shouts as told', () => {
    expect(echoed(settingsOf({}, nothing), 'da')).toBe('Hallo da')
    expect(echoed(settingsOf({ REPEATS: '2', SHOUT: 'true' }, nothing), 'da')).toBe('HALLO DA DA')
  })

  test('the page names what is set, shows no value of it, and escapes', () => {
    const settings = settingsOf({ API_KEY: 'sk-secret', PAGE_TITLE: '<script>x', WEBSITE: 'javascript:alert(1)' }, nothing)
    const text = page(settings, 5, 2)
    expect(text).toContain('API_KEY')
    expect(text).not.toContain('sk-secret')
    expect(text).not.toContain('<script>x')
    expect(text).not.toContain('href="javascript')
  })
})

describe('the program', () => {
  let built: ReturnType<typeof builtBot>
  const children: ChildProcess[] = []
  beforeAll(() => { built = builtBot() })
  afterEach(() => { for (const child of children.splice(0)) child.kill('SIGKILL') })
  afterAll(() => built.remove())

  function start(env: Record<string, string>) {
    const child = spawn(process.execPath, [built.program], { env: { BOT_PORT: '0', ...env }, stdio: ['pipe', 'pipe', 'pipe'] })
    children.push(child)
    const out = { text: '' }
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { out.text += String(chunk) })
    const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
    const port = () => until('it listens', () => Number(/listens on 127\.0\.0\.1:(\d+)/.exec(out.text)?.[1] ?? 0) || null)
    return { child, out, ended, port }
  }

  test('it answers on every path as told', async () => {
    const bot = start({ GREETING: 'Moin', API_KEY: 'sk-secret' })
    const port = await bot.port()
    const json = async (path: string) => JSON.parse((await ask(port, path)).text) as unknown
    expect(await json('/healthz')).toEqual({ ok: true, status: 'live' })
    expect(await json('/startupz')).toEqual({ ok: true, status: 'started' })
    expect(await json('/readyz')).toEqual({ ready: true })
    const home = await ask(port, '/')
    expect([home.status, home.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(home.text).toContain('<form>')
    expect((await ask(port, '/echo', { body: '{"text":"da"}' })).text).toBe('{"text":"Moin da"}')
    expect((await ask(port, '/echo', { body: 'null' })).status).toBe(400)
    expect((await ask(port, '/echo', { body: 'x'.repeat(70_000) })).status).toBe(413)
    expect((await ask(port, '/nothing')).status).toBe(404)
    expect((await ask(port, '/', { method: 'DELETE' })).status).toBe(405)
    expect(bot.out.text).toContain('POST /echo 200')
    expect(bot.out.text).not.toContain('sk-secret')
  })

  test('SIGTERM ends it with 0 in less than a second', async () => {
    const bot = start({})
    await bot.port()
    const from = Date.now()
    bot.child.kill('SIGTERM')
    expect(await bot.ended).toBe(0)
    expect(Date.now() - from).toBeLessThan(1000)
  })

  test('it ends with the one who started it', async () => {
    const bot = start({ BOT_TIED: '1' })
    await bot.port()
    bot.child.stdin?.end()
    expect(await bot.ended).toBe(0)
  })

  test.each([['FAIL_CONFIG', 78], ['FAIL_OOM', 137]])('%s=1 ends it with %i', async (name, code) => {
    expect(await start({ [name]: '1' }).ended).toBe(code)
  })
})
