import type { Runner, RunnerHealth, RunnerService, RunnerState } from '../runner.ts'
import { nothingRuns } from '../runner.ts'

type Held = {
  service: RunnerService
  /** From this instant on it runs. */
  readyAt: number
  restarts: number
  /** What a switch has set in place of running. */
  broken: { state: 'exited' | 'restarting'; exitCode: number; oom: boolean } | null
  health: RunnerHealth
  lines: string[]
}

const linesMax = 200

/** Bots as numbers: what was started runs `startMs` later by the given clock, unless a switch says otherwise. */
export class MemoryRunner implements Runner {
  readonly #now: () => number
  readonly #startMs: number
  readonly #held = new Map<string, Held>()
  #at: number | null = null
  #changed: () => void = () => {}

  constructor({ now, startMs }: { now: () => number; startMs: number }) {
    this.#now = now
    this.#startMs = startMs
  }

  up(service: RunnerService): void {
    const at = this.#time()
    const before = this.#held.get(service.uuid)
    const runs = before !== undefined && before.broken === null && before.readyAt <= at
    const readyAt = runs ? at : at + this.#startMs
    const lines = [`${new Date(readyAt).toISOString()} ${service.name} starts`]
    this.#held.set(service.uuid, { service, readyAt, restarts: 0, broken: null, health: 'healthy', lines })
  }

  down(uuid: string): void {
    this.#held.delete(uuid)
  }

  remove(uuid: string): void {
    this.#held.delete(uuid)
  }

  state(uuid: string): RunnerState {
    const held = this.#held.get(uuid)
    if (held === undefined || held.readyAt > this.#time()) return nothingRuns
    const { broken, restarts, health } = held
    if (broken !== null) return { ...broken, health: 'unknown', restarts }
    return { state: 'running', health, exitCode: null, restarts, oom: false }
  }

  logs(uuid: string, lines: number): string[] {
    return lines < 1 ? [] : (this.#held.get(uuid)?.lines ?? []).slice(-lines)
  }

  port(): number | null {
    return null
  }

  pretend(at: number | null): void {
    this.#at = at
  }

  nextChange(): number {
    let next = Infinity
    const at = this.#time()
    for (const { readyAt } of this.#held.values()) if (readyAt > at && readyAt < next) next = readyAt
    return next
  }

  watch(changed: () => void): void {
    this.#changed = changed
  }

  /** What was started last under that uuid. */
  started(uuid: string): RunnerService | null {
    return this.#held.get(uuid)?.service ?? null
  }

  /** The program writes a line. @throws Error when nothing was started under that uuid */
  say(uuid: string, line: string): void {
    this.#switch(uuid, (held) => {
      held.lines.push(`${new Date(this.#time()).toISOString()} ${line}`)
      if (held.lines.length > linesMax) held.lines.shift()
    })
  }

  /** The program ends and its policy starts it again and again. */
  crashLoop(uuid: string, exitCode = 1, oom = false): void {
    this.#switch(uuid, (held) => {
      held.broken = { state: 'restarting', exitCode, oom }
      held.restarts++
    })
  }

  /** The program ends and stays so. */
  exit(uuid: string, exitCode = 0): void {
    this.#switch(uuid, (held) => (held.broken = { state: 'exited', exitCode, oom: false }))
  }

  /** A crash loop or an exit is over. */
  recover(uuid: string): void {
    this.#switch(uuid, (held) => (held.broken = null))
  }

  setHealth(uuid: string, health: RunnerHealth): void {
    this.#switch(uuid, (held) => (held.health = health))
  }

  /** @throws Error when nothing was started under that uuid */
  #switch(uuid: string, change: (held: Held) => void): void {
    const held = this.#held.get(uuid)
    if (held === undefined) throw new Error(`nothing was started under ${uuid}`)
    change(held)
    this.#changed()
  }

  #time(): number {
    return this.#at ?? this.#now()
  }
}
