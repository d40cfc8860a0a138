import { nothingRuns, type Runnable, type Runner, type RunnerState } from '../runner.ts'

export type MemoryRunnerOptions = {
  now: () => number
  /** From `up` until the container runs. */
  startMs: number
}

type Container = { service: Runnable; upAt: number; over: Partial<RunnerState> | null; lines: string[] }

const portFirst = 40_000
const linesMax = 200

/** A runner on a virtual clock that runs nothing: containers run `startMs` after they were brought up. */
export class MemoryRunner implements Runner {
  readonly #options: MemoryRunnerOptions
  readonly #containers = new Map<string, Container>()
  readonly #removed: { uuid: string; volumes: boolean }[] = []
  #fate = new Map<string, Partial<RunnerState>>()

  constructor(options: MemoryRunnerOptions) {
    this.#options = options
  }

  up(service: Runnable): void {
    const upAt = this.#options.now()
    const over = this.#fate.get(service.name) ?? null
    this.#containers.set(service.uuid, { service, upAt, over, lines: [`${service.name} starts`] })
  }

  down(uuid: string): void {
    this.#containers.delete(uuid)
  }

  remove(uuid: string, options: { volumes: boolean }): void {
    this.#containers.delete(uuid)
    this.#removed.push({ uuid, volumes: options.volumes })
    if (this.#removed.length > linesMax) this.#removed.shift()
  }

  state(uuid: string): RunnerState {
    const found = this.#containers.get(uuid)
    if (found === undefined || this.#options.now() < found.upAt + this.#options.startMs) return nothingRuns
    return { state: 'running', health: 'healthy', exitCode: null, restarts: 0, oom: false, ...found.over }
  }

  logs(uuid: string, lines: number, timestamps = false): string[] {
    const found = this.#containers.get(uuid)
    if (found === undefined) return []
    const stamp = timestamps ? `${new Date(found.upAt).toISOString()} ` : ''
    return found.lines.slice(-lines).map((line) => stamp + line)
  }

  port(uuid: string): number | null {
    const index = [...this.#containers.keys()].indexOf(uuid)
    return index < 0 || this.state(uuid).state !== 'running' ? null : portFirst + index
  }

  /** What was brought up last, as it was handed over. */
  running(uuid: string): Runnable | null {
    return this.#containers.get(uuid)?.service ?? null
  }

  /** Every service that has containers; one that Coolify has forgotten is an orphan. */
  uuids(): string[] { return [...this.#containers.keys()] }

  /** Removals so far, newest last. */
  get removed(): readonly { uuid: string; volumes: boolean }[] { return this.#removed }

  /** The container ends by itself and is not started again. */
  exit(uuid: string, exitCode: number, oom = false): void {
    this.#become(uuid, { state: 'exited', health: 'unknown', exitCode, oom })
  }

  /** The container ends again and again, and Docker starts it again and again. */
  crash(uuid: string, exitCode = 1): void {
    this.#become(uuid, { state: 'restarting', health: 'unknown', exitCode, restarts: 3 })
  }

  health(uuid: string, health: 'healthy' | 'unhealthy' | 'starting'): void {
    this.#become(uuid, { health })
  }

  /** What becomes of every later start of a service of that name; null = it runs. */
  fate(name: string, state: Partial<RunnerState> | null): void {
    if (state === null) this.#fate.delete(name)
    else this.#fate.set(name, state)
  }

  #become(uuid: string, over: Partial<RunnerState>): void {
    const found = this.#containers.get(uuid)
    if (found !== undefined) found.over = { ...found.over, ...over }
  }
}
