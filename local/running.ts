import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'

/** Who works in local/.data: this program and the PocketBase that it started. */
type Running = { pid: number; pocketbase: number; data_dir: string }

const endMsMax = 10_000
const lookEveryMs = 50

/**
 * Two starts in one folder would write to one database, so the second is refused.
 * @param file local/.data/running.json
 * @throws Error when another start is alive
 */
export function refuseSecond(file: string): void {
  const other = noted(file)
  if (other !== null && other.pid !== process.pid && /start\.mjs/.test(commandOf(other.pid))) {
    throw new Error(`It is already running here (process ${other.pid}). End it first: kill ${other.pid}`)
  }
}

/** Ends a PocketBase whose start was killed the hard way: it still holds the database and its port. */
export async function endOrphan(file: string, say: (text: string) => void): Promise<void> {
  const other = noted(file)
  if (other === null || other.pocketbase === 0) return
  if (!commandOf(other.pocketbase).includes(`--dir=${other.data_dir}`)) return
  say(`ending the PocketBase that an earlier start left behind (process ${other.pocketbase})`)
  await end(other.pocketbase)
}

function noted(file: string): Running | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Running
  } catch {
    // None, or cut by a power failure: then there is nothing to end either.
    return null
  }
}

/** Notes who runs here, for the next start. */
export function noteRunning(file: string, pocketbase: number, dataDir: string): void {
  writeFileSync(file, JSON.stringify({ pid: process.pid, pocketbase, data_dir: dataDir } satisfies Running))
}

export function forgetRunning(file: string): void {
  rmSync(file, { force: true })
}

/** The command line of a process; '' when there is none. A number alone may long belong to someone else. */
function commandOf(pid: number): string {
  if (process.platform === 'win32') return ''
  try {
    const args = ['-o', 'command=', '-ww', '-p', String(pid)]
    return execFileSync('ps', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return linuxCommandOf(pid)
  }
}

/** Small images have no `ps`. */
function linuxCommandOf(pid: number): string {
  const file = `/proc/${pid}/cmdline`
  return existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\0', ' ') : ''
}

async function end(pid: number): Promise<void> {
  const started = Date.now()
  process.kill(pid, 'SIGTERM')
  while (alive(pid)) {
    if (Date.now() - started > endMsMax) {
      process.kill(pid, 'SIGKILL')
      return
    }
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
  }
}

/** A process that has ended but was not waited for by its parent counts as ended. */
function alive(pid: number): boolean {
  return commandOf(pid) !== '' && !commandOf(pid).includes('<defunct>')
}
