import { spawn } from 'node:child_process'
import {
  chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cacheFolder, findPocketbase } from '../../setup/pocketbase.mjs'
import { checksums, fetchRelease, releasePlatform } from '../../setup/release.mjs'
import { type Manner, type ReleaseSite, program, releaseSite, sha256, zipOf } from './release-site.ts'

const version = '0.40.4'
const platform = 'linux_amd64'
/** Short where the site is silent on purpose; elsewhere a busy machine must not make a test fail. */
const idleMs = 300
const patientMs = 15_000
const archive = zipOf([
  { name: 'CHANGELOG.md', content: Buffer.from('# 0.40.4'), method: 8 },
  { name: 'pocketbase', content: program(version), method: 8 },
])
const sums = { [version]: { [platform]: sha256(archive) } }

let folder: string
let site: ReleaseSite | undefined
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'setup-')) })
afterEach(() => {
  site?.close()
  site = undefined
  rmSync(folder, { recursive: true, force: true })
})

/** Writes a program and gives its path. */
function script(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  chmodSync(file, 0o755)
  return file
}

/** A Go that writes what it was called with and installs a program that says `built`; '' fails to install. */
function go(built: string): string {
  const install = built === '' ? 'echo "no such host" >&2; exit 1'
    : `printf '#!/bin/sh\\necho "base version ${built}"\\n' > "$GOBIN/base"; chmod +x "$GOBIN/base"`
  return script('go', `#!/bin/sh
[ "$1" = version ] && { echo "go version go1.26"; exit 0; }
echo "$GOTOOLCHAIN $CGO_ENABLED $*" >> ${join(folder, 'go-calls')}
${install}
`)
}

const noGo = '/nowhere/go'

async function find(manner: Manner, useGo: string, more: Record<string, string> = {}) {
  site = await releaseSite(manner, archive)
  const silent = manner === 'hanging' || manner === 'slow to start'
  const said: string[] = []
  const env = {
    ...(process.env['PATH'] === undefined ? {} : { PATH: process.env['PATH'] }), XDG_CACHE_HOME: folder,
    POCKETBASE_RELEASES: site.base, SETUP_IDLE_MS: String(silent ? idleMs : patientMs), ...more,
  }
  const say = (text: string): void => { said.push(text) }
  const path = await findPocketbase({ version, env, sums, go: useGo, platform, say })
  return { path, said }
}

const cached = () => join(folder, 'cloudfreedom', `pocketbase-${version}`, 'pocketbase')

describe.skipIf(process.platform === 'win32')('findPocketbase', () => {
  test.each(['right', 'redirect'] as const)('downloads once into the cache folder (%s)', async (manner) => {
    const { path, said } = await find(manner, noGo)
    expect(path).toBe(cached())
    expect(readFileSync(path).equals(program(version))).toBe(true)
    expect(said).toHaveLength(1)
    expect(said[0]).toMatch(/PocketBase 0\.40\.4 downloaded in .* s: /)
    expect(site?.asked[0]).toBe(`/v${version}/pocketbase_${version}_${platform}.zip`)
    const asked = site?.asked.length
    const env = { XDG_CACHE_HOME: folder, POCKETBASE_RELEASES: site?.base ?? '' }
    const again = await findPocketbase({ version, env, sums, platform })
    expect(again).toBe(cached())
    expect(site?.asked.length).toBe(asked)
  })

  test.each([
    ['wrong', 'its sha256 is'],
    ['cut', 'the connection was cut'],
    ['hanging', `silent for ${idleMs} ms`],
    ['slow to start', `silent for ${idleMs} ms`],
    ['missing', 'it answered 404'],
  ] as const)('%s: says why and builds from source', async (manner, reason) => {
    const { path, said } = await find(manner, go(version))
    expect(path).toBe(cached())
    expect(said[0]).toContain('not downloaded')
    expect(said[0]).toContain(reason)
    expect(said[1]).toMatch(/built from source with Go/)
    expect(readFileSync(join(folder, 'go-calls'), 'utf8')).toBe(
      `auto 0 install -ldflags -s -w -X github.com/pocketbase/pocketbase.Version=${version} `
      + `github.com/pocketbase/pocketbase/examples/base@v${version}\n`)
    expect(readdirSync(join(folder, 'cloudfreedom', `pocketbase-${version}`))).toEqual(['pocketbase'])
  })

  test.each([
    ['no Go', noGo, 'Go is not installed'],
    ['a failing build', '', 'no such host'],
    ['a build of another version', '9.9.9', 'it says version 9.9.9'],
  ])('every way failed (%s): one message names the three ways out', async (_name, kind, reason) => {
    const used = kind === noGo ? noGo : go(kind)
    const failed = await find('missing', used).catch((error: Error) => error.message)
    expect(failed).toContain('it answered 404')
    expect(failed).toContain(reason)
    expect(String(failed).split('\n').filter((line) => /^ {2}\d\. /.test(line))).toHaveLength(3)
    expect(failed).toContain('POCKETBASE_BIN')
    expect(failed).toContain(cached())
  })

  test('an unknown platform is not downloaded unchecked', async () => {
    site = await releaseSite('right', archive)
    const offered = fetchRelease({ version, platform: 'plan9_mips', base: site.base, sums })
    await expect(offered).rejects.toThrow('no checksum is known for PocketBase 0.40.4 on plan9_mips')
    expect(site.asked).toEqual([])
  })

  test('POCKETBASE_BIN is taken when it has the version, and refused with a sentence when not', async () => {
    const right = script('right', `#!/bin/sh\necho "base version ${version}"\n`)
    const old = script('old', '#!/bin/sh\necho "base version 0.39.4"\n')
    expect((await find('missing', noGo, { POCKETBASE_BIN: right })).path).toBe(right)
    expect(site?.asked).toEqual([])
    site?.close()
    const sentence = 'is version 0.39.4; version 0.40.4 is needed'
    await expect(find('missing', noGo, { POCKETBASE_BIN: old })).rejects.toThrow(sentence)
    site?.close()
    const none = { POCKETBASE_BIN: join(folder, 'none') }
    await expect(find('missing', noGo, none)).rejects.toThrow('cannot be run')
  })

  test('a cached file that is not the version is replaced', async () => {
    mkdirSync(join(folder, 'cloudfreedom', `pocketbase-${version}`), { recursive: true })
    writeFileSync(cached(), '#!/bin/sh\nexit 3\n')
    const { path } = await find('right', noGo)
    expect(readFileSync(path).equals(program(version))).toBe(true)
  })

  test('two clones at once both end with a whole file', async () => {
    site = await releaseSite('right', archive)
    const env = { XDG_CACHE_HOME: folder, POCKETBASE_RELEASES: site.base }
    const wanted = { version, env, sums, go: noGo, platform, say: () => {} }
    const paths = await Promise.all([1, 2, 3].map(() => findPocketbase(wanted)))
    expect(new Set(paths)).toEqual(new Set([cached()]))
    expect(readdirSync(join(folder, 'cloudfreedom', `pocketbase-${version}`))).toEqual(['pocketbase'])
  })
})

test('every platform that has archives has a checksum for the pinned version', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const pin: string = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).pocketbase.version
  const known = checksums[pin] ?? {}
  expect(Object.keys(known).sort()).toEqual([
    'darwin_amd64', 'darwin_arm64', 'linux_amd64', 'linux_arm64', 'windows_amd64',
  ])
  for (const sum of Object.values(known)) expect(sum).toMatch(/^[0-9a-f]{64}$/)
  expect(releasePlatform('win32', 'x64')).toBe('windows_amd64')
  expect(releasePlatform('darwin', 'arm64')).toBe('darwin_arm64')
})

test('the cache folder is the one of the system', () => {
  expect(cacheFolder({ HOME: '/h' }, 'linux')).toBe('/h/.cache/cloudfreedom')
  expect(cacheFolder({ HOME: '/h', XDG_CACHE_HOME: '/x' }, 'linux')).toBe('/x/cloudfreedom')
  expect(cacheFolder({ HOME: '/h' }, 'darwin')).toBe('/h/Library/Caches/cloudfreedom')
  expect(cacheFolder({ LOCALAPPDATA: '/l' }, 'win32')).toBe('/l/cloudfreedom')
})

describe.skipIf(process.platform === 'win32')('node setup.mjs', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  type Run = { code: number | null; text: string; ms: number }
  const setup = (more: Record<string, string>, args: string[] = []) => new Promise<Run>((resolve) => {
    const started = performance.now()
    const env = { PATH: process.env['PATH'] ?? '', ...more }
    const child = spawn(process.execPath, [join(root, 'setup.mjs'), ...args], { cwd: folder, env })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { text += String(chunk) })
    child.on('close', (code) => resolve({ code, text, ms: performance.now() - started }))
  })

  test('says nothing when nothing is to do', async () => {
    const note = join(root, 'node_modules', '.cache', 'pocketbase-path')
    expect(existsSync(note)).toBe(true)
    const { code, text, ms } = await setup({ POCKETBASE_BIN: readFileSync(note, 'utf8') })
    expect({ code, text }).toEqual({ code: 0, text: '' })
    console.log(`nothing to do: ${ms.toFixed(0)} ms`)
  })

  test('explains itself', async () => {
    const { code, text } = await setup({}, ['--help'])
    expect(code).toBe(0)
    expect(text).toContain('POCKETBASE_BIN')
  })

  test('a wrong binary ends with code 1 and one sentence', async () => {
    const old = script('old', '#!/bin/sh\necho "base version 0.39.4"\n')
    const { code, text } = await setup({ POCKETBASE_BIN: old })
    expect(code).toBe(1)
    expect(text.trim().split('\n')).toHaveLength(1)
    expect(text).toContain('version 0.40.4 is needed')
  })
})
