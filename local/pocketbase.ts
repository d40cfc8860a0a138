import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Child } from './child.ts'

/** How PocketBase is called: the program, the clone, where its records lie, and its environment. */
export type Call = { binary: string; root: string; dataDir: string; logFile: string; env: NodeJS.ProcessEnv }

const readyMsMax = 60_000
const askEveryMs = 100
const askMsMax = 2000
const sayAfterMs = 3000
const logBytesMax = 20 * 1024 * 1024
const shownLines = 20
const colour = /\x1b\[[0-9;]*m/g

/** Flags that production and laptops share (docs/architecture.md): what is tried here is what runs there. */
function flags(call: Call): string[] {
  return [
    `--dir=${call.dataDir}`, `--hooksDir=${join(call.root, 'pb_hooks')}`,
    `--migrationsDir=${join(call.root, 'pb_migrations')}`, `--publicDir=${join(call.root, 'pb_public')}`,
    '--dev=false', '--hooksWatch=false', '--automigrate=false', '--hooksPool=50',
  ]
}

/**
 * Makes the superuser. Runs before `serve`, never beside it: both would migrate a fresh folder at once.
 * @throws Error with PocketBase's last lines
 */
export async function upsertSuperuser(call: Call, email: string, password: string): Promise<void> {
  mkdirSync(call.dataDir, { recursive: true })
  const child = new Child(call.binary, ['superuser', 'upsert', email, password, ...flags(call)], call.env)
  const code = await child.ended
  if (code !== 0) throw new Error(`PocketBase could not make the superuser (code ${code}):\n${tail(child)}`)
}

/** Starts the server; its output goes to the log file. */
export function serve(call: Call, port: number): Child {
  if (existsSync(call.logFile) && statSync(call.logFile).size > logBytesMax) {
    renameSync(call.logFile, `${call.logFile}.1`)
  }
  const write = (line: string) => appendFileSync(call.logFile, `${line.replace(colour, '')}\n`)
  return new Child(call.binary, ['serve', `--http=127.0.0.1:${port}`, ...flags(call)], call.env, write)
}

type Ready = { ready?: boolean; checks?: { [name: string]: string } }

/**
 * Waits until the server can do its work (`/api/ready`).
 * @param say called now and then with what is still missing
 * @throws Error when the server ends, is not ready in time or never will be, with the reason
 */
export async function untilReady(child: Child, url: string, say: (text: string) => void): Promise<void> {
  const started = Date.now()
  let ended: number | null = null
  void child.ended.then((code) => { ended = code })
  let said = started + sayAfterMs
  let missing = 'no answer yet'
  while (Date.now() - started < readyMsMax) {
    if (ended !== null) throw new Error(`PocketBase ended with code ${ended}:\n${tail(child)}`)
    const reply = await ask(url)
    if (reply === null) return
    missing = reply
    if (Date.now() > said) {
      say(`PocketBase is not ready yet: ${missing}`)
      said = Date.now() + sayAfterMs
    }
    await new Promise((resolve) => setTimeout(resolve, askEveryMs))
  }
  throw new Error(`PocketBase was not ready after ${readyMsMax / 1000} s: ${missing}\n${tail(child)}`)
}

/** What waiting does not mend: these come from the environment that the server was started with. */
const isConstant = (check: string): boolean => check === 'keyring' || check === 'timezone'
class Hopeless extends Error {}

/** null when ready, else what is missing; throws Hopeless. */
async function ask(url: string): Promise<string | null> {
  try {
    const reply = await fetch(`${url}/api/ready`, { signal: AbortSignal.timeout(askMsMax) })
    const body = (await reply.json()) as Ready
    if (reply.status === 200 && body.ready === true) return null
    if (reply.status === 404) return 'it runs without our hooks (/api/ready is unknown)'
    const failing = Object.entries(body.checks ?? {}).filter(([, text]) => text !== 'ok')
    const hopeless = failing.find(([name]) => isConstant(name))
    if (hopeless !== undefined) throw new Hopeless(`${hopeless[0]}: ${hopeless[1]}`)
    if (failing.length === 0) return `/api/ready answered ${reply.status}`
    return failing.map(([name, text]) => `${name}: ${text}`).join('; ')
  } catch (error) {
    if (error instanceof Hopeless) throw error
    return error instanceof Error && error.name === 'TimeoutError' ? 'it answers too slowly' : 'no answer yet'
  }
}

/** The end of what PocketBase wrote, for a message. */
export function tail(child: Child): string {
  return child.last(shownLines).map((line) => `    ${line.replace(colour, '')}`).join('\n')
}
