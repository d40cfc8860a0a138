// Finds PocketBase of exactly the pinned version, or brings it into the user's cache folder.
import { randomBytes } from 'node:crypto'
import {
  chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { run } from './command.mjs'
import { progress } from './progress.mjs'
import { checksums, fetchRelease, releasePlatform } from './release.mjs'
import { buildFromSource } from './source.mjs'

const versionMsMax = 10_000

/**
 * Writes the path of the binary to node_modules/.cache/pocketbase-path.
 * @param {string} root folder of the clone
 * @param {Record<string, string | undefined>} env
 * @throws Error with one message that names the ways out
 */
export async function preparePocketbase(root, env) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).pocketbase
  const path = await findPocketbase({ version, env })
  const note = join(root, 'node_modules', '.cache', 'pocketbase-path')
  if (existsSync(note) && readFileSync(note, 'utf8') === path) return
  mkdirSync(dirname(note), { recursive: true })
  writeFileSync(note, path)
}

/**
 * @param {{ version: string, env: Record<string, string | undefined>, sums?: typeof checksums, go?: string,
 *   platform?: string, say?: (text: string) => void }} wanted `sums` and `go` are replaced by tests only
 * @returns {Promise<string>} path of a binary whose `--version` is the wanted one
 * @throws Error with one message when every way failed
 */
export async function findPocketbase({
  version, env, sums = checksums, go = 'go', platform = releasePlatform(), say = console.log,
}) {
  const own = env.POCKETBASE_BIN ?? ''
  if (own !== '') {
    const found = await versionOf(own)
    if (found === version) return own
    const what = found === '' ? 'cannot be run' : `is version ${found}`
    throw new Error(`POCKETBASE_BIN=${own} ${what}; version ${version} is needed.`)
  }
  const folder = join(cacheFolder(env), `pocketbase-${version}`)
  const cached = join(folder, process.platform === 'win32' ? 'pocketbase.exe' : 'pocketbase')
  if (existsSync(cached) && await versionOf(cached) === version) return cached
  mkdirSync(folder, { recursive: true })
  const started = Date.now()
  const took = () => `in ${((Date.now() - started) / 1000).toFixed(1)} s: ${cached}`
  const failures = []
  const ways = [['downloaded', () => fromRelease()], ['built from source with Go', () => fromSource()]]
  for (const [name, way] of ways) {
    try {
      await way()
      const got = await versionOf(cached)
      if (got !== version) throw new Error(got === '' ? 'it cannot be run here' : `it says version ${got}`)
      say(`  PocketBase ${version} ${name} ${took()}`)
      return cached
    } catch (error) {
      failures.push(`not ${name}: ${error.message}`)
      say(`  PocketBase ${version} ${failures.at(-1)}`)
    }
  }
  throw new Error(waysOut(version, platform, cached, failures))

  async function fromRelease() {
    const program = await progress(`downloading PocketBase ${version}`, (note) => fetchRelease({
      version, platform, sums, ...(env.POCKETBASE_RELEASES ? { base: env.POCKETBASE_RELEASES } : {}),
      ...(Number(env.SETUP_IDLE_MS) > 0 ? { idleMs: Number(env.SETUP_IDLE_MS) } : {}),
      onBytes: (got, size) => note(`${mb(got)}${size > 0 ? ` of ${mb(size)}` : ''} MB`),
    }))
    place(cached, (file) => writeFileSync(file, program))
  }

  async function fromSource() {
    const keep = (file) => place(cached, (into) => copyFileSync(file, into))
    const build = (note) => buildFromSource(version, { folder, env, go, note, keep })
    await progress(`building PocketBase ${version} from source (about a minute)`, build)
  }
}

/** Where programs keep what can be fetched again, outside the clone: a second clone starts at once. */
export function cacheFolder(env, platform = process.platform) {
  const windows = () => env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local')
  if (platform === 'win32') return join(windows(), 'cloudfreedom')
  if (platform === 'darwin') return join(env.HOME ?? homedir(), 'Library', 'Caches', 'cloudfreedom')
  return join(env.XDG_CACHE_HOME || join(env.HOME ?? homedir(), '.cache'), 'cloudfreedom')
}

/** The version a binary says, '' when it cannot be run. */
async function versionOf(file) {
  const said = await run(file, ['--version'], { timeoutMs: versionMsMax })
  return said.ok ? /version v?(\d+\.\d+\.\d+\S*)/.exec(said.text)?.[1] ?? '' : ''
}

/** Written beside its place and renamed, so that two clones at once never see half a file. */
function place(target, write) {
  const half = `${target}.${randomBytes(6).toString('hex')}`
  try {
    write(half)
    chmodSync(half, 0o755)
    renameSync(half, target)
  } catch (error) {
    rmSync(half, { force: true })
    // Windows refuses to replace a running program; then the other clone has put the same one there.
    if (!existsSync(target)) throw error
  }
}

function waysOut(version, platform, cached, failures) {
  return [
    `PocketBase ${version} could not be found or fetched.`, ...failures.map((text) => `  ${text}`),
    'Any one of these helps:',
    '  1. Let this machine reach github.com, or set POCKETBASE_RELEASES to a mirror, and try again.',
    `  2. Download pocketbase_${version}_${platform}.zip elsewhere, unpack it, and set POCKETBASE_BIN to it`,
    `     or put it at ${cached}`,
    '  3. Install Go (https://go.dev/dl) with access to a module proxy; the next run then builds it.',
  ].join('\n')
}

function mb(bytes) {
  return (bytes / 1024 / 1024).toFixed(1)
}
