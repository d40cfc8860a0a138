import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EventSource } from 'eventsource'
import PocketBase from 'pocketbase'

Object.assign(globalThis, { EventSource })

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const readyMsMax = 20_000
export const superuser = { email: 'root@example.com', password: 'test-password-1' }
export const secretsKey = 'test-key-abcdefghijklmnopqrstuv1'

/** The binary that setup.mjs found. */
export function binary(): string {
  const found = process.env['POCKETBASE_BIN'] ?? readFileSync(join(root, 'node_modules/.cache/pocketbase-path'), 'utf8').trim()
  if (!existsSync(found)) throw new Error('PocketBase is not there: run node setup.mjs')
  return found
}

const flags = (dir: string, hooks: boolean, migrations = join(root, 'pb_migrations')): string[] => [
  `--dir=${dir}`, `--hooksDir=${hooks ? join(root, 'pb_hooks') : join(dir, 'none')}`, `--migrationsDir=${migrations}`,
  `--publicDir=${join(root, 'pb_public')}`, '--dev=false', '--hooksWatch=false', '--automigrate=false', '--hooksPool=20',
]

/** Runs one command of the binary to its end, saying yes to what it asks; answers its output, throws it when it failed. */
export function command(dir: string, args: string[], env: Record<string, string> = {}, hooks = false): string {
  const done = spawnSync(binary(), [...args, ...flags(dir, hooks)], { encoding: 'utf8', input: 'y\n', env: { ...process.env, ...env } })
  const output = `${done.stdout}${done.stderr}`
  if (done.status !== 0) throw new Error(output)
  return output
}

/** A migrated folder with a superuser, made once per state of the migrations and copied by every test. */
export function templateFolder(): string {
  const hash = createHash('sha256').update(binary())
  for (const file of readdirSync(join(root, 'pb_migrations')).sort()) hash.update(readFileSync(join(root, 'pb_migrations', file)))
  const cache = join(root, 'node_modules/.cache/pocketbase-template')
  const folder = join(cache, hash.digest('hex').slice(0, 16))
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  const making = mkdtempSync(join(cache, 'making-'))
  command(making, ['superuser', 'upsert', superuser.email, superuser.password])
  try {
    renameSync(making, folder)
  } catch (error) {
    // Another worker was first: its folder is as good as ours.
    if (!existsSync(folder)) throw error
    rmSync(making, { recursive: true })
  }
  return folder
}

/** A port that is free now. */
export function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => done(port))
    })
  })
}

export type Options = { env?: Record<string, string>; hooks?: boolean; dir?: string }

const living = new Set<ChildProcess>()
process.on('exit', () => living.forEach((child) => child.kill('SIGKILL')))

/** One running PocketBase with its own folder. */
export class Server {
  url = ''
  private child: ChildProcess | null = null
  private output = ''
  private port = 0
  private console: PocketBase | null = null

  constructor(readonly dir: string, readonly options: Required<Omit<Options, 'dir'>>) {}

  async start(): Promise<this> {
    this.port ||= await freePort()
    this.url = `http://127.0.0.1:${this.port}`
    const child = spawn(binary(), ['serve', `--http=127.0.0.1:${this.port}`, ...flags(this.dir, this.options.hooks)], {
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', SECRETS_KEY_k1: secretsKey, ...this.options.env }, stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.child = child
    living.add(child)
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => { this.output += chunk.toString() })
    child.on('exit', () => living.delete(child))
    await this.answering()
    return this
  }

  private async answering(): Promise<void> {
    const until = Date.now() + readyMsMax
    let last = ''
    while (Date.now() < until) {
      if (this.child?.exitCode !== null) throw new Error(`PocketBase ended with code ${this.child?.exitCode}:\n${this.output}`)
      const reply = await fetch(`${this.url}${this.options.hooks ? '/api/ready' : '/api/health'}`).catch(() => null)
      if (reply?.status === 200) return
      last = reply === null ? 'no answer' : await reply.text()
      await new Promise((done) => setTimeout(done, 30))
    }
    throw new Error(`not ready: ${last}\n${this.output}`)
  }

  /** Starts again and answers the instant at which it listened (epoch ms). */
  async startAndTime(): Promise<number> {
    const from = this.output.length
    const started = this.start()
    while (!this.output.slice(from).includes('Server started')) await new Promise((done) => setTimeout(done, 1))
    const listening = Date.now()
    await started
    return listening
  }

  get pid(): number {
    return this.child?.pid ?? 0
  }

  /** Everything the process printed. */
  log(): string {
    return this.output
  }

  /** Ends the process with a signal and waits for its end. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { child } = this
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((done) => child.once('exit', done))
    child.kill(signal)
    await ended
  }

  async restart(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    await this.kill(signal)
    await this.start()
  }

  async stop(): Promise<void> {
    await this.kill('SIGTERM')
    rmSync(this.dir, { recursive: true, force: true })
  }

  client(): PocketBase {
    return new PocketBase(this.url).autoCancellation(false)
  }

  async superuser(): Promise<PocketBase> {
    const client = this.client()
    await client.collection('_superusers').authWithPassword(superuser.email, superuser.password)
    return client
  }

  /** Runs SQL past every rule and hook; answers the rows, throws what SQLite says. */
  async sql(query: string): Promise<unknown[][]> {
    this.console ??= await this.superuser()
    const reply = await this.console.send<{ rows: unknown[][] }>('/api/sql', { method: 'POST', body: { query } })
    return reply.rows
  }

  async signIn(email: string): Promise<PocketBase> {
    const client = this.client()
    await client.collection('users').authWithPassword(email, superuser.password)
    return client
  }
}

/**
 * Starts the real binary on a copy of the template folder; loopback is taken off the rate limiter.
 * @param options `hooks: false` runs it without our hooks, for testing rules alone
 */
export async function startPocketBase(options: Options = {}): Promise<Server> {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'agents-'))
  cpSync(templateFolder(), dir, { recursive: true })
  const server = await new Server(dir, { env: options.env ?? {}, hooks: options.hooks ?? true }).start()
  const admin = await server.superuser()
  const settings = await admin.settings.getAll()
  await admin.settings.update({ rateLimits: { ...settings['rateLimits'], excludedIPs: ['127.0.0.1'] } })
  return server
}

/** Asks again until the answer is something; fails with `what` after the time given. */
export async function until<T>(what: string, look: () => Promise<T | null | undefined | false>, msMax = 40_000): Promise<T> {
  const end = Date.now() + msMax
  for (;;) {
    const found = await look()
    if (found !== null && found !== undefined && found !== false) return found
    if (Date.now() > end) throw new Error(`waited ${msMax} ms for: ${what}`)
    await new Promise((done) => setTimeout(done, 50))
  }
}
