import type { ComposeDocument, FileMount, VolumeMount } from './records.ts'

/** What is brought up: the whole set-up of one service at the moment of the start. */
export type Runnable = {
  uuid: string
  name: string
  /** The compose document; Coolify's own `content` key is stripped already. */
  document: ComposeDocument
  /** The `.env` of the service; a literal under `environment:` wins over it. */
  variables: { [key: string]: string }
  /** Files that are mounted, by compose key and path inside the container. */
  files: FileMount[]
  /** Full names of the named volumes (`<uuid>_<name>`) with the place inside the container. */
  volumes: VolumeMount[]
  /** Public addresses; the port of a URL is the port inside the container. */
  urls: { name: string; url: string }[]
}

/** `unknown`: there is no health check, or no container. */
export type RunnerHealth = 'healthy' | 'unhealthy' | 'starting' | 'unknown'

export type RunnerState = {
  /** `none`: there is no container at all. */
  state: 'running' | 'exited' | 'restarting' | 'none'
  health: RunnerHealth
  /** Of the last end; null while none has happened. */
  exitCode: number | null
  restarts: number
  oom: boolean
}

/** What the containers of one service use, for a look from outside. */
export type RunnerUse = { cpuMs: number; memoryBytes: number }

/**
 * Who really runs what Coolify starts. All calls return at once; what they set going shows in `state`.
 * Every call may be repeated, and an unknown uuid is as good as nothing running.
 */
export interface Runner {
  /** Creates the containers anew (`compose up --force-recreate`); running ones of the uuid are replaced. */
  up(service: Runnable): void
  /** Ends and removes the containers; volumes stay. */
  down(uuid: string): void
  /** Like `down`, and forgets the service; with `volumes` its data are erased. */
  remove(uuid: string, options: { volumes: boolean }): void
  state(uuid: string): RunnerState
  /** The newest lines, oldest of them first; each with an ISO time stamp in front when asked. */
  logs(uuid: string, lines: number, timestamps?: boolean): string[]
  /** The port on 127.0.0.1 that leads to the service's endpoint; null while there is none. */
  port(uuid: string): number | null
}

export const nothingRuns: RunnerState = { state: 'none', health: 'unknown', exitCode: null, restarts: 0, oom: false }
