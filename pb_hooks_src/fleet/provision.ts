import type { Acted, Acting, Failed } from './act.ts'
import type { Spec } from './store.ts'
import { done, failed } from './act.ts'
import { environmentName, projectName, serviceName } from './gather.ts'

/** Variables that are deleted one by one in one turn; more wait for the next, so that no turn outlasts its lease. */
const removedPerTurnMax = 5

/**
 * Makes project, environment and service, then writes the variables. Every step that is proven done is
 * noted, so that a turn that was held back half-way does not spend the call budget on it again.
 */
export function create(acting: Acting, spec: Spec): Acted {
  const { ports, held, platform } = acting
  const { bot } = held
  ports.bots.mark(bot.id, { serviceUuid: '', specHash: '', composeHash: '', command: '', commandAt: 0, commandAcked: false })
  const project = held.project === '' ? platform.project(projectName(bot.tenant)) : { kind: 'ok' as const, value: held.project }
  if (project.kind === 'gone') return failed(acting, lostProject)
  if (project.kind !== 'ok') return failed(acting, project)
  const inside = held.project === '' ? ports.bots.keepProject(bot.tenant, held.connection, project.value) : held.project
  if (held.home !== inside) {
    const home = platform.environment(inside, environmentName(bot.id))
    if (home.kind === 'gone') {
      ports.bots.keepProject(bot.tenant, held.connection, '')
      return failed(acting, lostProject)
    }
    if (home.kind !== 'ok') return failed(acting, home)
    if (home.value === 'there') {
      const found = platform.find(inside, environmentName(bot.id), serviceName(bot.id))
      if (found.kind !== 'ok' && found.kind !== 'gone') return failed(acting, found)
      const first = found.kind === 'ok' ? found.value[0] : undefined
      if (first !== undefined) return adopt(acting, first.uuid)
    }
    ports.bots.mark(bot.id, { home: inside })
  }
  return place(acting, spec, inside)
}

/** The project was deleted by hand on the platform: it is made again at the next turn. */
const lostProject: Failed = { kind: 'wait', code: 'answer_lost', message: 'project not found', retryMs: 2000 }

/** The mark is written at the instant of the call: the settling time counts from there. */
function place(acting: Acting, spec: Spec, project: string): Acted {
  const { ports, held, platform } = acting
  const { bot } = held
  ports.bots.mark(bot.id, { triedAt: ports.now() })
  const made = platform.create({
    project, environment: environmentName(bot.id), server: held.platformServer,
    name: serviceName(bot.id), description: describe(bot.id, spec), compose: spec.compose, urls: spec.urls,
  })
  if (made.kind === 'unknown') return failed(acting, made)
  if (made.kind !== 'ok') {
    ports.bots.mark(bot.id, made.kind === 'gone' ? { triedAt: 0, home: '' } : { triedAt: 0 })
    return failed(acting, made.kind === 'gone' ? { kind: 'refused', code: 'platform_unknown', message: 'server or project not found' } : made)
  }
  ports.bots.mark(bot.id, { serviceUuid: made.value.uuid, composeHash: spec.hash })
  return variables({ ...acting, held: { ...held, appliedKeys: [] } }, made.value.uuid, spec)
}

/** Only the control plane reads it: it marks the service as ours and shows drift of the set-up. */
function describe(bot: string, spec: Spec): string {
  return `cloudfreedom ${bot} ${spec.hash.slice(0, 16)}`
}

/** Takes a service that was found by its name as the bot's own; what is set up there is written anew. */
export function adopt(acting: Acting, uuid: string): Acted {
  acting.ports.bots.mark(acting.held.bot.id, { serviceUuid: uuid, specHash: '', composeHash: '' })
  return done
}

/** Writes compose document and variables. A write without a clear answer may land late: nothing newer is sent before. */
export function update(acting: Acting, spec: Spec): Acted {
  const { ports, held, platform } = acting
  const { id, serviceUuid } = held.bot
  if (held.composeHash !== spec.hash) {
    const written = platform.update(serviceUuid, { name: serviceName(id), description: describe(id, spec), compose: spec.compose, urls: spec.urls })
    if (written.kind === 'gone') return { kind: 'gone' }
    if (written.kind === 'unknown') ports.bots.mark(id, { unsureAt: ports.now(), composeHash: '' })
    if (written.kind !== 'ok') return failed(acting, written)
    ports.bots.mark(id, { composeHash: spec.hash })
  }
  return variables(acting, serviceUuid, spec)
}

function variables(acting: Acting, uuid: string, spec: Spec): Acted {
  const { ports, held, platform } = acting
  const keys = Object.keys(spec.variables)
  const unwanted = held.appliedKeys.filter((key) => !keys.includes(key))
  const removed = unwanted.slice(0, removedPerTurnMax)
  const left = unwanted.slice(removedPerTurnMax)
  if (keys.length > 0 || removed.length > 0) {
    // Noted before the call: what a lost answer may have written has to be removed when it is not wanted any more.
    ports.bots.mark(held.bot.id, { appliedKeys: [...keys, ...unwanted] })
    const written = platform.variables(uuid, spec.variables, removed)
    if (written.kind === 'gone') return { kind: 'gone' }
    if (written.kind === 'unknown') ports.bots.mark(held.bot.id, { unsureAt: ports.now() })
    if (written.kind !== 'ok') return failed(acting, written)
  }
  ports.bots.mark(held.bot.id, { appliedKeys: [...keys, ...left], unsureAt: 0, ...(left.length === 0 ? { specHash: spec.hash } : {}) })
  return done
}
