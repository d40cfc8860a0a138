// Installs the packages of package-lock.json when they are not the ones in node_modules.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { run } from './command.mjs'
import { progress } from './progress.mjs'

/** An install that takes longer hangs; npm's own timeouts are far below it. */
const installMsMax = 15 * 60_000

/**
 * @param {string} root folder of the clone
 * @param {Record<string, string | undefined>} env
 * @throws Error with npm's last lines when the install fails
 */
export async function installDependencies(root, env) {
  const lockFile = join(root, 'package-lock.json')
  const stamp = join(root, 'node_modules', '.cache', 'lock-hash')
  const lock = readFileSync(lockFile, 'utf8')
  const hash = createHash('sha256').update(lock).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  if (!alreadyInstalled(root, lock)) {
    const started = Date.now()
    const install = () => npm(['ci', '--no-audit', '--no-fund'], root, env)
    const done = await progress('installing the dependencies', install)
    if (!done.ok) throw new Error(`npm ci failed:\n${done.text}`)
    console.log(`  dependencies installed in ${((Date.now() - started) / 1000).toFixed(1)} s`)
  }
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, hash)
}

/**
 * npm leaves a list of what it installed. When that is what the lockfile asks for, an install by hand (or by
 * the machine's image) is taken as it is: `npm ci` would begin by deleting it, which hurts offline.
 */
function alreadyInstalled(root, lock) {
  const list = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(list)) return false
  try {
    const wanted = JSON.parse(lock).packages ?? {}
    const there = JSON.parse(readFileSync(list, 'utf8')).packages ?? {}
    const same = (name) => ['version', 'integrity'].every((part) => there[name][part] === wanted[name][part])
    const complete = Object.keys(wanted).every((name) => {
      if (name === '') return true
      // An optional package of another platform is in the lockfile and rightly not on the disk.
      if (there[name] === undefined) return wanted[name].optional === true
      return same(name) && existsSync(join(root, name))
    })
    return complete && Object.keys(there).every((name) => wanted[name] !== undefined)
  } catch {
    return false
  }
}

/** Under npm its own program is known; else `npm` from the path (on Windows a batch file: needs a shell). */
function npm(args, cwd, env) {
  const own = env.npm_execpath
  if (own !== undefined && /npm-cli\.[cm]?js$/.test(own)) {
    return run(process.execPath, [own, ...args], { cwd, env, timeoutMs: installMsMax })
  }
  return run('npm', args, { cwd, env, shell: process.platform === 'win32', timeoutMs: installMsMax })
}
