/**
 * The bot as the fleet thinks of it: plain data, instants as epoch milliseconds (0 = never).
 * The record behind it is `bot_instances` (see docs/architecture.md for field meanings).
 */
export const PHASES = [
  'queued', 'provisioning', 'starting', 'running', 'degraded', 'updating',
  'restarting', 'stopping', 'stopped', 'suspended', 'failed', 'deleting',
] as const
export type Phase = (typeof PHASES)[number]

export const DESIRED_STATES = ['running', 'stopped', 'deleted'] as const
export type DesiredState = (typeof DESIRED_STATES)[number]

export const ACTIONS = ['restart', 'redeploy'] as const
export type BotAction = (typeof ACTIONS)[number]

/** The last lifecycle call that the fleet made for a bot. */
export type Command = '' | 'start' | 'stop' | 'restart' | 'remove'

export type Size = { cpuMilli: number; memoryMib: number; diskMib: number }

export type Bot = Size & {
  id: string
  tenant: string
  name: string
  desired: DesiredState
  /** The tenant is suspended or closing: whatever is desired, nothing may run. */
  suspended: boolean
  generation: number
  observedGeneration: number
  /** A restart or redeploy that was asked for, and the generation in which it was. */
  actionKind: '' | BotAction
  actionGeneration: number
  phase: Phase
  reason: string
  phaseSince: number
  /** Empty until placement found room. */
  server: string
  /** The template keeps data in a volume: a service that vanished is never silently made anew. */
  hasVolumes: boolean
  /** What the record wants on the platform now, and what was last written there. */
  wantedHash: string
  specHash: string
  /** Mark set before a service is created, so that a lost answer is looked for and not repeated. */
  triedAt: number
  /** A write without a clear answer, made then, may still be committed for the settling time. */
  unsureAt: number
  serviceUuid: string
  command: Command
  commandAt: number
  /** The platform confirmed that it took the command. */
  commandAcked: boolean
  commandHash: string
  commandGeneration: number
  /** How often the same command was repeated because its effect did not show. */
  repeats: number
  /** Consecutive bad observations; bad news needs two, good news one. */
  misses: number
}
