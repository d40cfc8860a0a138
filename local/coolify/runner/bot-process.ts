import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { get } from 'node:http'
import type { RunnerHealth, RunnerService, RunnerState, RunnerUsage } from '../runner.ts'
import { nothingRuns } from '../runner.ts'
import { restartPolicyOf, type RestartPolicy } from './main-part.ts'

const host = '127.0.0.1'
const linesMax = 2000
const lineLengthMax = 4000
const healthMs = 250
const healthSlowMs = 2000
const healthTimeoutMs = 2000
const missesMax = 3
const killMsMax = 5000
const restartMsFirst = 500
const restartMsMax = 30_000
/** After so long up, an end counts as the first again. */
const steadyMs = 10_000
const oomCode = 137
const ticksPerSecond = 100
const pageBytes = 4096

/** One child process with what Docker would do for it: log, health, restarts with growing pauses. */
export class BotProcess {
  readonly #program: string
  readonly #env: { [name: string]: string }
  readonly #name: string
  readonly #policy: RestartPolicy
  readonly #changed: () => void
  readonly #lines: string[] = []
  #child: ChildProcess | null = null
  #port: number | null = null
  #state: RunnerState = nothingRuns
  #beganAt = 0
  #quick = 0
  #misses = 0
  #stopping = false
  #timer: NodeJS.Timeout | undefined
  #probe: NodeJS.Timeout | undefined
  #gone: () => void = () => {}

  /** @param changed called after every change of `state` that nobody asked for */
  constructor(program: string, env: { [name: string]: string }, service: RunnerService, changed: () => void) {
    this.#changed = changed
    this.#program = program
    this.#env = env
    this.#name = service.name
    this.#policy = restartPolicyOf(service)
  }

  get state(): RunnerState { return this.#state }
  get port(): number | null { return this.#state.state === 'running' ? this.#port : null }
  get pid(): number | null { return this.#child?.pid ?? null }

  /** The newest lines, each with an ISO time stamp in front. */
  last(count: number): string[] { return this.#lines.slice(-count) }

  start(port: number): void {
    if (this.#stopping) return
    this.#port = port
    this.#beganAt = Date.now()
    const place = { BOT_HOST: host, BOT_PORT: String(port), PORT: String(port) }
    const env = { ...this.#env, ...place, BOT_NAME: this.#name, BOT_TIED: '1' }
    // Its input is never written to: it ends when this process does, however that happens.
    const child = spawn(process.execPath, [this.#program], { env, stdio: 'pipe' })
    this.#child = child
    all.add(child)
    this.#become({ ...this.#state, state: 'running', health: 'starting' })
    for (const stream of [child.stdout, child.stderr]) this.#read(stream)
    child.once('error', (error) => this.#note(error.message))
    child.once('close', (code, signal) => this.#ended(child, code ?? (signal === 'SIGKILL' ? oomCode : 1)))
    this.#look(healthMs)
  }

  /** Asks it to end, and ends it when it does not; resolves when it is gone. */
  async stop(): Promise<void> {
    this.#stopping = true
    clearTimeout(this.#timer)
    clearTimeout(this.#probe)
    const child = this.#child
    if (child === null) return
    const gone = new Promise<void>((resolve) => { this.#gone = resolve })
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), killMsMax)
    await gone
    clearTimeout(timer)
  }

  usage(): RunnerUsage | null {
    if (this.pid === null) return null
    try {
      const fields = readFileSync(`/proc/${this.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      const ticks = Number(fields[11]) + Number(fields[12])
      return { cpuMs: (ticks * 1000) / ticksPerSecond, memoryBytes: Number(fields[21]) * pageBytes }
    } catch {
      return null
    }
  }

  #ended(child: ChildProcess, exitCode: number): void {
    all.delete(child)
    this.#child = null
    clearTimeout(this.#probe)
    this.#note(`ended with code ${exitCode}`)
    this.#gone()
    const { restarts } = this.#state
    const last = { exitCode, oom: exitCode === oomCode, health: 'unknown' as const, restarts }
    const again = this.#policy === 'always' || (this.#policy === 'on-failure' && exitCode !== 0)
    if (this.#stopping || !again) return this.#become({ ...last, state: 'exited' })
    this.#quick = Date.now() - this.#beganAt >= steadyMs ? 0 : this.#quick + 1
    this.#become({ ...last, state: 'restarting', restarts: restarts + 1 })
    const pause = Math.min(restartMsMax, restartMsFirst * 2 ** Math.max(0, this.#quick - 1))
    this.#timer = setTimeout(() => this.start(this.#port ?? 0), pause)
  }

  /** Asks `/startupz` like the health check of a container; at first often, so that a start shows at once. */
  #look(afterMs: number): void {
    this.#probe = setTimeout(() => {
      const answered = (good: boolean): void => {
        if (this.#child === null || this.#stopping) return
        this.#misses = good ? 0 : this.#misses + 1
        const young = Date.now() - this.#beganAt < steadyMs
        if (good) this.#feel('healthy')
        else if (this.#misses >= missesMax && !young) this.#feel('unhealthy')
        this.#look(good ? healthSlowMs : healthMs)
      }
      const target = { host, port: this.#port, path: '/startupz', timeout: healthTimeoutMs }
      const call = get(target, (reply) => {
        reply.resume()
        answered(reply.statusCode === 200)
      })
      call.on('timeout', () => call.destroy(new Error('too slow')))
      call.on('error', () => answered(false))
    }, afterMs)
    this.#probe.unref()
  }

  #feel(health: RunnerHealth): void {
    if (this.#state.health !== health) this.#become({ ...this.#state, health })
  }

  #become(state: RunnerState): void {
    this.#state = state
    this.#changed()
  }

  #read(stream: NodeJS.ReadableStream | null): void {
    let rest = ''
    stream?.setEncoding('utf8')
    stream?.on('data', (chunk: string) => {
      const lines = (rest + chunk).split(/\r?\n/)
      rest = (lines.pop() ?? '').slice(-lineLengthMax)
      for (const line of lines) this.#note(line)
    })
  }

  #note(line: string): void {
    this.#lines.push(`${new Date().toISOString()} ${line.slice(0, lineLengthMax)}`)
    if (this.#lines.length > linesMax) this.#lines.splice(0, this.#lines.length - linesMax)
  }
}

const all = new Set<ChildProcess>()
// The last wall: however this process ends by itself, no bot stays behind.
process.on('exit', () => { for (const child of all) child.kill('SIGKILL') })
