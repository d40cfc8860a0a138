/** The ports of the fleet: what it needs from the outside, in its own words. All calls are synchronous. */

/**
 * What became of a call to the platform.
 * `wait`: it certainly did not happen and may be tried again after `retryMs` (budget, breaker, 429,
 * unreachable, token). `unknown`: it may have happened (time-out, cut answer, 5xx): look before you
 * repeat. `refused`: the platform understood and said no; repeating the same call does not help.
 */
export type Outcome<T> =
  | { kind: 'ok'; value: T }
  | { kind: 'gone' }
  | { kind: 'refused'; code: string; message: string }
  | { kind: 'wait'; code: string; message: string; retryMs: number }
  | { kind: 'unknown'; message: string }

export type SeenState =
  | 'running' | 'starting' | 'restarting' | 'degraded' | 'paused' | 'exited' | 'unknown'
export type SeenHealth = 'healthy' | 'unhealthy' | 'unknown'

/** One service as the platform reports it. */
export type SeenService = { uuid: string; name: string; state: SeenState; health: SeenHealth }

export type ServiceSpec = {
  project: string
  environment: string
  server: string
  name: string
  description: string
  /** The compose document as text (JSON, which is YAML). The door encodes it. */
  compose: string
  /** One entry per public endpoint; `url` carries the container port. */
  urls: { name: string; url: string }[]
}

/** The hosting platform (Coolify behind `doors/coolify`). Every verb may be repeated safely except `create`. */
export interface Platform {
  version(): Outcome<string>
  /** Finds the project by its name or makes it; answers its uuid. */
  project(name: string): Outcome<string>
  /** Makes the environment; `there` means that somebody (we, earlier) made it before. */
  environment(project: string, name: string): Outcome<'made' | 'there'>
  /** Services of that name in the environment, oldest first. */
  find(project: string, environment: string, name: string): Outcome<SeenService[]>
  create(spec: ServiceSpec): Outcome<{ uuid: string }>
  update(uuid: string, spec: Pick<ServiceSpec, 'name' | 'description' | 'compose' | 'urls'>): Outcome<null>
  /** Sets every given variable and deletes the named ones that exist. */
  variables(uuid: string, set: Record<string, string>, remove: string[]): Outcome<null>
  /** `already`: the platform says that it is in that state; to be confirmed, its status may be stale. */
  start(uuid: string): Outcome<'queued' | 'already'>
  stop(uuid: string): Outcome<'queued' | 'already'>
  restart(uuid: string): Outcome<'queued'>
  /** Deletes the service with its volumes, networks and configuration. `gone` = it was not there. */
  remove(uuid: string): Outcome<null>
  /** One service, asked for directly. Only `gone` proves absence. */
  look(uuid: string): Outcome<SeenService>
  removeEnvironment(project: string, name: string): Outcome<null>
  /** Every service of one server in one call. */
  sweep(server: string): Outcome<SeenService[]>
  logs(uuid: string, service: string, lines: number): Outcome<string>
}
