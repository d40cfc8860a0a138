import type { Seen } from './plan.ts'
import type { FleetPorts, Held } from './store.ts'
import type { Outcome, SeenService } from './ports.ts'
import { createSettleMs } from './bounds.ts'

export const environmentName = (bot: string): string => `b-${bot}`
export const projectName = (tenant: string): string => `t-${tenant}`
export const serviceName = (bot: string): string => `bot-${bot}`

/** What was seen, and what kept us from seeing more. */
export type Sighting = { seen: Seen; trouble: Extract<Outcome<never>, { kind: 'wait' }> | null }

/**
 * Looks at the platform as far as the next decision needs it: mostly the last sweep of the server (no
 * call), a look-up by name after a create without an answer, one direct look before absence is believed.
 */
export function gather(ports: FleetPorts, held: Held, now: number): Sighting {
  const { bot } = held
  if (bot.serviceUuid === '') {
    const settled = bot.triedAt !== 0 && now >= bot.triedAt + createSettleMs
    return settled ? byName(ports, held, now) : { seen: blind, trouble: null }
  }
  const sight = ports.sights.of(bot.server, bot.serviceUuid)
  if (sight.service !== null) return { seen: present(sight.service, sight.sweptAt), trouble: null }
  const listed = sight.sweptAt > bot.commandAt && sight.sweptAt > bot.triedAt
  const deleting = bot.desired === 'deleted'
  if (!listed && !(deleting && bot.command !== 'remove')) {
    return { seen: { ...blind, presence: deleting ? 'unknown' : 'present', uuid: bot.serviceUuid }, trouble: null }
  }
  return directly(ports, held, now)
}

const blind: Seen = { at: 0, presence: 'unknown', uuid: '', state: 'unknown', health: 'unknown', twins: [] }

function present(service: SeenService, at: number): Seen {
  return { at, presence: 'present', uuid: service.uuid, state: service.state, health: service.health, twins: [] }
}

function directly(ports: FleetPorts, held: Held, now: number): Sighting {
  const looked = ports.platform(held.connection).look(held.bot.serviceUuid)
  if (looked.kind === 'ok') return { seen: present(looked.value, now), trouble: null }
  if (looked.kind === 'gone') return { seen: { ...blind, at: now, presence: 'absent' }, trouble: null }
  return { seen: { ...blind, uuid: held.bot.serviceUuid }, trouble: troubleOf(looked) }
}

function byName(ports: FleetPorts, held: Held, now: number): Sighting {
  const platform = ports.platform(held.connection)
  const { bot } = held
  const known = held.home !== '' ? held.home : held.project
  const project = known === '' ? platform.project(projectName(bot.tenant)) : { kind: 'ok' as const, value: known }
  if (project.kind !== 'ok') return { seen: blind, trouble: troubleOf(project) }
  const inside = known === '' ? ports.bots.keepProject(bot.tenant, held.connection, project.value) : known
  const found = platform.find(inside, environmentName(bot.id), serviceName(bot.id))
  if (found.kind === 'gone') return { seen: { ...blind, at: now, presence: 'absent' }, trouble: null }
  if (found.kind !== 'ok') return { seen: blind, trouble: troubleOf(found) }
  const [first, ...others] = found.value
  if (first === undefined) return { seen: { ...blind, at: now, presence: 'absent' }, trouble: null }
  return { seen: { ...present(first, now), twins: others.map((other) => other.uuid) }, trouble: null }
}

/** A look that brought nothing is a reason to wait, never a fact about the bot. */
function troubleOf(outcome: Exclude<Outcome<unknown>, { kind: 'ok' }>): Extract<Outcome<never>, { kind: 'wait' }> {
  if (outcome.kind === 'wait') return outcome
  const message = outcome.kind === 'gone' ? 'not found' : outcome.message
  const code = outcome.kind === 'refused' ? outcome.code : 'platform_unreachable'
  return { kind: 'wait', code, message, retryMs: 15_000 }
}
