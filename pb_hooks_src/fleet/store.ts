import type { Bot, Command } from './bot.ts'
import type { LogLine } from './log.ts'
import type { Platform, SeenService } from './ports.ts'
import type { Status } from './status.ts'

/** What is written on the platform for a bot: rendered from its template version and answers. */
export type Spec = {
  compose: string
  variables: Record<string, string>
  urls: { name: string; url: string }[]
  hash: string
}

/** A bot with what a turn needs around it. `wantedHash` of the bot is `spec.hash`. */
export type Held = {
  bot: Bot
  /** Null when nothing needs to be rendered (stopped, being deleted) or when it cannot be (see `trouble`). */
  spec: Spec | null
  /** Why the spec cannot be made: a reason code and a message without secrets. */
  trouble: { code: 'template_broken' | 'secret_unreadable'; message: string } | null
  connection: string
  /** The platform's uuid of the server, and of the tenant's project if known. */
  platformServer: string
  project: string
  /** The project in which the bot's environment was made; empty = not yet. */
  home: string
  /** Hash of the specification whose compose document was last written. */
  composeHash: string
  /** Names of the variables that were last written, so that removed ones are deleted. */
  appliedKeys: string[]
  lastSeenAt: number
}

/** Facts about the platform side, written with plain SQL before and after a call. */
export type Marks = Partial<{
  triedAt: number
  unsureAt: number
  home: string
  composeHash: string
  serviceUuid: string
  specHash: string
  appliedKeys: string[]
  command: Command
  commandAt: number
  commandAcked: boolean
  commandHash: string
  commandGeneration: number
  repeats: number
  misses: number
  lastSeenAt: number
}>

export type Recorded = {
  /** The generation that the turn worked on: if the record has a newer one, its status is left alone. */
  generation: number
  status: Status
  /** The generation is dealt with: observed_generation follows. */
  observed: boolean
  message: string
  lines: LogLine[]
  at: number
}

/** The bots as the fleet's turns need them. */
export interface Bots {
  read(id: string): Held | null
  /** Looks for a server with room and reserves it, in one transaction; true when the bot has a server now. */
  place(id: string): boolean
  mark(id: string, marks: Marks): void
  /** Marks a start or restart unless as many as allowed are in flight on the connection; atomic. */
  claimStart(held: Held, marks: Marks, inFlightMax: number, now: number): boolean
  /** Notes the tenant's project and answers the one that counts: of two made in a race the first that was noted. Empty forgets it. */
  keepProject(tenant: string, connection: string, project: string): string
  record(id: string, recorded: Recorded): void
  /** Removes the row with its secrets; its history stays. */
  finalise(id: string): void
}

/** The newest sweep of a server, read back for one service. */
export type Sight = { sweptAt: number; service: SeenService | null }

export interface Sights {
  of(server: string, serviceUuid: string): Sight
  /** Asks for a sweep of the server not later than `at`. */
  want(server: string, at: number): void
  /** Keeps one complete list; wakes the bots that moved or wait. Answers how many bots are still moving there. */
  keep(server: string, startedAt: number, services: SeenService[]): number
  /** The list could not be had. */
  miss(server: string, code: string, message: string): void
  /** The platform's uuid and the connection of a server; null when the server is not there any more. */
  server(id: string): { platformServer: string; connection: string } | null
}

export type FleetPorts = {
  bots: Bots
  sights: Sights
  /** The platform behind a connection, with its call budget and breaker around it. */
  platform(connection: string): Platform
  now(): number
  random(): number
  startsInFlightMax: number
}

/** What became of a turn: gone for good, or due again; `error` is kept with the work for operators. */
export type Turn = { kind: 'done' } | { kind: 'again'; due: number; error: string }
