import type { Bot } from '../../pb_hooks_src/fleet/bot.ts'
import type { Seen } from '../../pb_hooks_src/fleet/plan.ts'

/** Noon of a day in the middle of the simulations; every table counts from here. */
export const noon = 1_800_000_000_000

/** A bot that runs as it should; the table's row says what is different. */
export function aBot(different: Partial<Bot> = {}): Bot {
  return {
    id: 'bot1', tenant: 'tenant1', name: 'Bot', desired: 'running', suspended: false, generation: 3, observedGeneration: 3,
    actionKind: '', actionGeneration: 0, phase: 'running', reason: 'healthy', phaseSince: noon - 3_600_000, server: 'server1', hasVolumes: true,
    wantedHash: 'h1', specHash: 'h1', triedAt: noon - 7_200_000, unsureAt: 0, serviceUuid: 'svc1', command: 'start', commandAt: noon - 3_600_000,
    commandAcked: true, commandHash: 'h1', commandGeneration: 3, repeats: 0, misses: 0, cpuMilli: 1000, memoryMib: 1024, diskMib: 1024,
    ...different,
  }
}

/** A bot that was accepted a moment ago and has nothing on the platform. */
export function aNewBot(different: Partial<Bot> = {}): Bot {
  return aBot({
    phase: 'queued', reason: 'accepted', phaseSince: noon - 50, generation: 1, observedGeneration: 0, triedAt: 0, serviceUuid: '', specHash: '',
    command: '', commandAt: 0, commandAcked: false, commandHash: '', commandGeneration: 0, ...different,
  })
}

/** A look at the platform a second ago that found the service running and healthy. */
export function aSight(different: Partial<Seen> = {}): Seen {
  return { at: noon - 1000, presence: 'present', uuid: 'svc1', state: 'running', health: 'healthy', twins: [], ...different }
}

/** Nothing was looked at. */
export const unseen: Seen = { at: 0, presence: 'unknown', uuid: '', state: 'unknown', health: 'unknown', twins: [] }
