import { createServer } from 'node:net'
import type { Runner, RunnerService, RunnerState, RunnerUsage } from '../runner.ts'
import { nothingRuns } from '../runner.ts'
import { Folders } from './folders.ts'
import { BotProcess } from './bot-process.ts'

export type ProcessRunnerOptions = {
  /** Where every service has a folder with its files and volumes. */
  dataDir: string
  /** The built program that stands in for every image. */
  program: string
}

/**
 * Runs one small program per service as a child process. It stands for all containers of the service: limits,
 * users and networks are not enforced, but environment, files, volumes, restarts and logs are real.
 */
export class ProcessRunner implements Runner {
  readonly #folders: Folders
  readonly #program: string
  readonly #processes = new Map<string, BotProcess>()
  /** Ends under way, by uuid: the next start waits, as two must not share a volume. */
  readonly #ends = new Map<string, Promise<void>>()
  #changed: () => void = () => {}
  #closing = false

  constructor({ dataDir, program }: ProcessRunnerOptions) {
    this.#folders = new Folders(dataDir)
    this.#program = program
  }

  up(service: RunnerService): void {
    if (this.#closing) return
    this.down(service.uuid)
    const env = this.#folders.prepare(service)
    const bot = new BotProcess(this.#program, env, service, () => this.#changed())
    this.#processes.set(service.uuid, bot)
    const before = this.#ends.get(service.uuid) ?? Promise.resolve()
    void before.then(freePort).then((port) => bot.start(port))
  }

  down(uuid: string): void {
    const bot = this.#processes.get(uuid)
    if (bot === undefined) return
    this.#processes.delete(uuid)
    const before = this.#ends.get(uuid) ?? Promise.resolve()
    const end = Promise.all([before, bot.stop()]).then(() => {
      if (this.#ends.get(uuid) === end) this.#ends.delete(uuid)
    })
    this.#ends.set(uuid, end)
  }

  remove(uuid: string, { volumes }: { volumes: boolean }): void {
    this.down(uuid)
    const ended = this.#ends.get(uuid) ?? Promise.resolve()
    const removed = ended.then(() => this.#folders.remove(uuid, volumes))
    this.#ends.set(uuid, removed)
    void removed.then(() => { if (this.#ends.get(uuid) === removed) this.#ends.delete(uuid) })
  }

  state(uuid: string): RunnerState {
    return this.#processes.get(uuid)?.state ?? nothingRuns
  }

  logs(uuid: string, lines: number): string[] {
    return this.#processes.get(uuid)?.last(lines) ?? []
  }

  port(uuid: string): number | null {
    return this.#processes.get(uuid)?.port ?? null
  }

  /** Null where the system does not tell (no /proc), or nothing runs. */
  usage(uuid: string): RunnerUsage | null {
    return this.#processes.get(uuid)?.usage() ?? null
  }

  watch(changed: () => void): void { this.#changed = changed }

  /** Process ids of what runs, for whoever has to see that nothing is left. */
  pids(): number[] {
    return [...this.#processes.values()].flatMap(({ pid }) => (pid === null ? [] : [pid]))
  }

  /** Ends everything; data stay. */
  async close(): Promise<void> {
    this.#closing = true
    for (const uuid of [...this.#processes.keys()]) this.down(uuid)
    await Promise.all(this.#ends.values())
  }
}

/** A port on loopback that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
