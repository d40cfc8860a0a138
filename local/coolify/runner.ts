import type { ComposeDocument, FileMount, VolumeMount } from './records.ts'

/** What `docker compose up` would be given: everything a runner needs, and nothing of the API. */
export type RunnerService = {
  /** Also the name of the compose project and of its network. */
  uuid: string
  name: string
  /** After Coolify's changes: container names, restart policy, its own variables, no `content` of files. */
  document: ComposeDocument
  /** The `.env` file, which every container of the service reads; compose's own `environment` wins. */
  variables: Record<string, string>
  files: FileMount[]
  volumes: VolumeMount[]
  /** Public addresses; the port of a URL is the port inside the container. */
  urls: { service: string; url: string }[]
}

export type RunnerHealth = 'healthy' | 'unhealthy' | 'starting' | 'unknown'

export type RunnerState = {
  /** `none`: there is no container at all. */
  state: 'running' | 'exited' | 'restarting' | 'none'
  /** `unknown`: there is no health check, or nothing runs. */
  health: RunnerHealth
  /** Of the last end; null while none has happened. */
  exitCode: number | null
  restarts: number
  oom: boolean
}

export type RunnerUsage = { cpuMs: number; memoryBytes: number }

/**
 * What runs the bots on the host. All calls return at once; what they began shows in `state`. Every call may be
 * repeated, and an unknown uuid is as good as nothing running. Coolify's rules - queue, status lag, who may start
 * what - are above it.
 */
export interface Runner {
  /** Starts the service, or stops what runs of it and starts it anew (`--force-recreate`). */
  up(service: RunnerService): void
  /** Stops and removes the containers; volumes stay. */
  down(uuid: string): void
  /** As `down`, and deletes the working directory and, if asked, the volumes. */
  remove(uuid: string, options: { volumes: boolean }): void
  state(uuid: string): RunnerState
  /** The newest lines, oldest first, each as `2026-01-31T08:00:00.000Z text`. */
  logs(uuid: string, lines: number): string[]
  /** The loopback port that answers for the service; null while nothing does. */
  port(uuid: string): number | null
  usage?(uuid: string): RunnerUsage | null
  /** Virtual runners live at this instant until told otherwise (null = the clock's). */
  pretend?(at: number | null): void
  /** When the state changes by itself next; a runner that cannot say leaves this out. */
  nextChange?(): number
  /** Calls back whenever a state changed for another reason than `up`, `down` and `remove`. */
  watch?(changed: () => void): void
}

export const nothingRuns: RunnerState = { state: 'none', health: 'unknown', exitCode: null, restarts: 0, oom: false }
