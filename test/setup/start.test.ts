import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type AddressInfo, type Server, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { berlinMidnight } from '../../local/berlin.ts'
import { Child } from '../../local/child.ts'
import { parseDotenv, withDotenv } from '../../local/dotenv.ts'
import { keysOf } from '../../local/keys.ts'
import { parseOptions } from '../../local/options.ts'
import { choosePorts, freePort } from '../../local/ports.ts'
import { endOrphan, noteRunning, refuseSecond } from '../../local/running.ts'

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'start-')) })
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function listen(host?: string): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, host, () => resolve(server))
  })
}
const portOf = (server: Server): number => (server.address() as AddressInfo).port

describe('parseDotenv', () => {
  test.each([
    ['A=1', { A: '1' }],
    [' export A = one two  ', { A: 'one two' }],
    ['A=1 # why', { A: '1' }],
    ['A=x#y', { A: 'x#y' }],
    ['A="a # b" # c', { A: 'a # b' }],
    ['A="say \\"hi\\"\\nbye"', { A: 'say "hi"\nbye' }],
    ["A='a\\n'", { A: 'a\\n' }],
    ['A=1|tok=en==', { A: '1|tok=en==' }],
    ['A=', { A: '' }],
    ['A=\r\nB=2\r\n', { A: '', B: '2' }],
    ['# A=1\nnonsense\n1A=2', {}],
    ['A=1\nA=2', { A: '2' }],
  ])('%j', (text, values) => {
    expect(parseDotenv(text)).toEqual(values)
  })

  test('the real environment wins, and a missing file is an empty one', () => {
    writeFileSync(join(folder, '.env'), 'A=file\nB=file')
    expect(withDotenv(join(folder, '.env'), { A: 'shell', C: undefined })).toEqual({ A: 'shell', B: 'file' })
    expect(withDotenv(join(folder, 'none'), { A: 'shell' })).toEqual({ A: 'shell' })
  })
})

describe('ports', () => {
  test.each(['127.0.0.1', '0.0.0.0'])('one taken on %s is replaced, said and remembered', async (host) => {
    const taken = await listen(host)
    const file = join(folder, 'ports.json')
    const [port, said] = [portOf(taken), [] as string[]]
    const chosen = await choosePorts(file, port, (text) => { said.push(text) })
    expect(chosen.portal).toBeGreaterThan(port)
    expect(said).toContain(`port ${port} (portal) is taken, ${chosen.portal} is used instead`)
    taken.close()
    expect(await choosePorts(file, null, () => {})).toEqual(chosen)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(chosen)
  })

  test('two servers never get the same one', async () => {
    const free = await listen()
    const port = portOf(free)
    await new Promise((resolve) => free.close(resolve))
    expect(await freePort(port, new Set([port]))).toBeGreaterThan(port)
  })

  test('a damaged memory is ignored', async () => {
    const file = join(folder, 'ports.json')
    writeFileSync(file, '{"portal": "x", "router": 99999999, "other": 5')
    const chosen = await choosePorts(file, null, () => {})
    expect(Object.keys(chosen).sort()).toEqual(['coolify', 'portal', 'router'])
  })
})

describe('parseOptions', () => {
  test.each([
    [[], { help: false, fresh: false, watch: false, port: null }],
    [['--fresh', '--port', '9000'], { help: false, fresh: true, watch: false, port: 9000 }],
    [['--port=9000', '--watch', '--help'], { help: true, fresh: false, watch: true, port: 9000 }],
  ])('%j', (args, options) => {
    expect(parseOptions(args)).toEqual(options)
  })

  const wrong = [['--port'], ['--port', 'x'], ['--port', '0'], ['--port', '70000'], ['--frehs']]
  test.each(wrong)('%s %s is refused', (...args) => {
    expect(() => parseOptions(args)).toThrow(/--port needs a number|unknown option --frehs/)
  })
})

test('keys are made once, and only their owner can read them', () => {
  const file = join(folder, 'keys.json')
  const keys = keysOf(file)
  expect(keys.secrets_key).toMatch(/^[\x21-\x7e]{32}$/)
  expect(keysOf(file)).toEqual(keys)
  expect(statSync(file).mode & 0o077).toBe(0)
  expect(keysOf(join(folder, 'other.json')).secrets_key).not.toBe(keys.secrets_key)
})

test.each([
  ['2026-11-24T12:00:00Z', 0, '2026-11-23T23:00:00Z'],
  ['2026-11-24T23:30:00Z', 1, '2026-12-24T23:00:00Z'],
  ['2026-03-01T10:00:00Z', 1, '2026-03-31T22:00:00Z'],
  ['2026-03-29T10:00:00Z', 0, '2026-03-28T23:00:00Z'],
  ['2026-10-25T10:00:00Z', 0, '2026-10-24T22:00:00Z'],
  ['2026-01-31T10:00:00Z', 1, '2026-02-27T23:00:00Z'],
  ['2026-12-15T10:00:00Z', 1, '2027-01-14T23:00:00Z'],
])('midnight in Berlin: %s and %i months', (now, months, midnight) => {
  const found = new Date(berlinMidnight(Date.parse(now), months))
  expect(found.toISOString()).toBe(new Date(midnight).toISOString())
})

describe.skipIf(process.platform === 'win32')('Child', () => {
  const linux = process.platform === 'linux'
  const alive = (pid: number): boolean => {
    try {
      process.kill(pid, 0)
      return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
    } catch {
      return false
    }
  }

  test.skipIf(!linux)('stop ends it with everything it started', async () => {
    const lines: string[] = []
    const script = 'sleep 300 & echo $!; wait'
    const child = new Child('/bin/sh', ['-c', script], process.env, (line) => { lines.push(line) })
    await expect.poll(() => lines.length).toBe(1)
    const grandchild = Number(lines[0])
    expect(alive(grandchild)).toBe(true)
    await child.stop()
    await expect.poll(() => alive(grandchild)).toBe(false)
    expect(await child.ended).toBe(128)
    await child.stop()
  })

  test('a program that is not there ends with 127 and says why', async () => {
    const child = new Child('/nowhere/program', [], process.env)
    expect(await child.ended).toBe(127)
    expect(child.last(1)[0]).toContain('ENOENT')
  })

  test.skipIf(!linux)('an orphan is ended, a stranger under its number is not', async () => {
    const file = join(folder, 'running.json')
    const said: string[] = []
    const orphan = new Child('/bin/sh', ['-c', 'exec sleep 300', `--dir=${folder}`], process.env)
    const marked = new Child('/bin/sh', ['-c', 'while :; do sleep 0.1; done', `--dir=${folder}`], process.env)
    noteRunning(file, orphan.pid, folder)
    await expect.poll(() => readFileSync(`/proc/${orphan.pid}/cmdline`, 'utf8')).toMatch(/^sleep/)
    await endOrphan(file, (text) => { said.push(text) })
    expect([said, alive(orphan.pid)]).toEqual([[], true])
    noteRunning(file, marked.pid, folder)
    await endOrphan(file, (text) => { said.push(text) })
    expect(said).toEqual([`ending the PocketBase that an earlier start left behind (process ${marked.pid})`])
    await marked.ended
    await orphan.stop()
  })

  test('a second start in the same folder is refused', async () => {
    const file = join(folder, 'running.json')
    const script = join(folder, 'start.mjs')
    writeFileSync(script, 'setInterval(() => {}, 1000)')
    const other = new Child(process.execPath, [script], process.env)
    writeFileSync(file, JSON.stringify({ pid: other.pid, pocketbase: 0, data_dir: '' }))
    await expect.poll(() => {
      try {
        refuseSecond(file)
        return ''
      } catch (error) {
        return (error as Error).message
      }
    }).toContain(`already running here (process ${other.pid})`)
    await other.stop()
    expect(() => refuseSecond(file)).not.toThrow()
  })
})
