import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ProcessRunner } from '../../../local/coolify/runner/process.ts'
import { ask, builtBot, echoService, until } from './built.ts'

let built: ReturnType<typeof builtBot>
let runner: ProcessRunner
let dataDir: string
let count = 0

beforeAll(() => { built = builtBot() })
afterAll(() => built.remove())
afterEach(() => runner?.close())

function fresh(): ProcessRunner {
  dataDir = join(built.folder, `data-${++count}`)
  runner = new ProcessRunner({ dataDir, program: built.program })
  return runner
}

const healthy = (uuid: string) => until(`${uuid} is healthy`, () => runner.state(uuid).health === 'healthy')
const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('a service as a process', () => {
  test('it is up and healthy within about a second, answers with its file, and tells its use', async () => {
    const from = Date.now()
    fresh().up(echoService('aaa'))
    await healthy('aaa')
    expect(Date.now() - from).toBeLessThan(2500)
    const port = runner.port('aaa') ?? 0
    expect(JSON.parse((await ask(port, '/echo', { body: '{"text":"da"}' })).text)).toEqual({ text: 'Servus da' })
    expect(runner.state('aaa')).toMatchObject({ state: 'running', exitCode: null, restarts: 0, oom: false })
    if (existsSync('/proc/self/stat')) expect(runner.usage('aaa')?.memoryBytes).toBeGreaterThan(1_000_000)
  })

  test('its log has a time stamp in every line and no secret in any', async () => {
    fresh().up(echoService('aab'))
    await healthy('aab')
    const lines = runner.logs('aab', 500)
    expect(lines.join('\n')).toContain('start number 1')
    for (const line of lines) expect(line).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z /)
    expect(lines.join('\n')).toContain('API_KEY')
    expect(lines.join('\n')).not.toContain('sk-very-secret')
    expect(runner.logs('aab', 1)).toHaveLength(1)
  })

  test('a second up replaces the process and keeps the volume; a down keeps it, too', async () => {
    fresh().up(echoService('aac'))
    await healthy('aac')
    const [first] = runner.pids()
    runner.up(echoService('aac', { files: [] }))
    await healthy('aac')
    expect(runner.pids()).toHaveLength(1)
    expect(runner.pids()[0]).not.toBe(first)
    expect(alive(first ?? 0)).toBe(false)
    const starts = () => JSON.parse(readFileSync(join(dataDir, 'aac/volumes/aac_state/starts.json'), 'utf8')) as unknown
    expect(starts()).toEqual({ starts: 2 })
    expect(JSON.parse((await ask(runner.port('aac') ?? 0, '/echo', { body: '{"text":"x"}' })).text)).toEqual({ text: 'Hallo x' })
    runner.down('aac')
    expect(runner.state('aac').state).toBe('none')
    expect(runner.port('aac')).toBeNull()
    await runner.close()
    expect(starts()).toEqual({ starts: 2 })
  })

  test.each([[true, false], [false, true]])('a removal with volumes=%s leaves data: %s', async (volumes, kept) => {
    fresh().up(echoService('aad'))
    await healthy('aad')
    const file = join(dataDir, 'aad/volumes/aad_state/starts.json')
    runner.remove('aad', { volumes })
    runner.remove('aad', { volumes })
    await runner.close()
    expect(existsSync(file)).toBe(kept)
    expect(existsSync(join(dataDir, 'aad/files'))).toBe(false)
  })

  test('a program that ends is started again, and says so', async () => {
    fresh().up(echoService('aae'))
    await healthy('aae')
    let changes = 0
    runner.watch(() => changes++)
    process.kill(runner.pids()[0] ?? 0, 'SIGKILL')
    const fallen = await until('restarting', () => (runner.state('aae').state === 'restarting' ? runner.state('aae') : null))
    expect(fallen).toMatchObject({ exitCode: 137, oom: true, restarts: 1 })
    expect(runner.port('aae')).toBeNull()
    await healthy('aae')
    expect(changes).toBeGreaterThan(1)
  })

  /** An end with 78, which Docker does not treat otherwise: stopping such a bot is the control plane's duty. */
  const broken = (restart: string | boolean) => ({
    document: { services: { bot: { image: 'echo:1', restart, environment: { FAIL_CONFIG: '1' } } } },
  })

  test.each(['unless-stopped', 'always', 'on-failure:3'])('restart %s starts a failed one again and again', async (restart) => {
    fresh().up(echoService('aaf', broken(restart)))
    await until('twice', () => runner.state('aaf').restarts >= 2)
    expect(runner.state('aaf')).toMatchObject({ exitCode: 78, oom: false })
  })

  test.each(['no', false])('restart %s leaves it ended', async (restart) => {
    fresh().up(echoService('aaf', broken(restart)))
    await until('exited', () => runner.state('aaf').state === 'exited')
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(runner.state('aaf')).toMatchObject({ state: 'exited', exitCode: 78, restarts: 0 })
  })

  test('an end with 0 is started again by always and not by on-failure', async () => {
    const calm = (restart: string) => ({ document: { services: { bot: { image: 'echo:1', restart } } } })
    fresh().up(echoService('aal', calm('on-failure')))
    runner.up(echoService('aam', calm('always')))
    await healthy('aal')
    await healthy('aam')
    for (const pid of runner.pids()) process.kill(pid, 'SIGTERM')
    await until('again', () => runner.state('aam').restarts === 1)
    expect(runner.state('aam').exitCode).toBe(0)
    expect(runner.state('aal')).toMatchObject({ state: 'exited', exitCode: 0, restarts: 0 })
  })

  test('want of memory is told', async () => {
    fresh().up(echoService('aag', { variables: { FAIL_OOM: '1' } }))
    await until('ended', () => runner.state('aag').restarts >= 1)
    expect(runner.state('aag')).toMatchObject({ exitCode: 137, oom: true })
  })

  test('the close ends everything and starts nothing any more', async () => {
    fresh().up(echoService('aah'))
    runner.up(echoService('aai'))
    await healthy('aah')
    await healthy('aai')
    const pids = runner.pids()
    expect(pids).toHaveLength(2)
    await runner.close()
    runner.up(echoService('aaj'))
    expect(pids.filter(alive)).toEqual([])
    expect(runner.pids()).toEqual([])
  })

  test('no name leads out of the folder', async () => {
    const before = readdirSync(built.folder)
    fresh().up(echoService('aak', {
      volumes: [{ service: 'bot', name: '../../../evil', target: '/data' }],
      files: [{ service: 'bot', source: './x', target: '/etc/..', content: '{"greeting":"Moin"}' }],
    }))
    await healthy('aak')
    expect(readdirSync(built.folder).sort()).toEqual([...before, `data-${count}`].sort())
    expect(readdirSync(dataDir)).toEqual(['aak'])
    expect(readdirSync(join(dataDir, 'aak', 'volumes'))).toHaveLength(1)
    expect(JSON.parse((await ask(runner.port('aak') ?? 0, '/echo', { body: '{"text":"x"}' })).text)).toEqual({ text: 'Hallo x' })
  })
})
