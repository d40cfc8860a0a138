import type { Action } from './plan.ts'
import type { Outcome, Platform } from './ports.ts'
import type { FleetPorts, Held, Marks, Spec } from './store.ts'
import { reasonOf } from './reason.ts'
import { environmentName, projectName, serviceName } from './gather.ts'
import * as bounds from './bounds.ts'

/**
 * What an act came to. `done`: the platform took it. `instead`: it did not come to that, and this is
 * how the bot stands now. `gone`: the service is proven absent, decide again. `finalised`: nothing is left.
 */
export type Acted =
  | { kind: 'done' }
  | { kind: 'instead'; action: Action; message: string }
  | { kind: 'gone' }
  | { kind: 'finalised' }

const done: Acted = { kind: 'done' }
type Failed = Exclude<Outcome<unknown>, { kind: 'ok' } | { kind: 'gone' }>

/** Carries out one action: mark what is about to happen, call, write down what came of it. */
export function act(ports: FleetPorts, held: Held, action: Action, now: number): Acted {
  const platform = ports.platform(held.connection)
  switch (action.do) {
    case 'create': return create(ports, held, platform, now)
    case 'adopt': return adopt(ports, held, action.uuid)
    case 'update': return held.spec === null ? broken(held) : update(ports, held, held.spec, platform, now)
    case 'start': case 'restart': return run(ports, held, action.do, platform, now)
    case 'stop': return stop(ports, held, platform, now)
    case 'remove': return remove(ports, held, action.uuid, platform, now)
    case 'finalise': return finalise(ports, held, platform, now)
    default: return done
  }
}

function instead(action: Action, message = ''): Acted {
  return { kind: 'instead', action, message }
}

function broken(held: Held): Acted {
  return instead({ do: 'fail', why: held.trouble?.code ?? 'template_broken' }, held.trouble?.message ?? '')
}

/** How the bot stands after a call that did not bring what was asked. */
function failed(outcome: Failed, now: number): Acted {
  if (outcome.kind === 'refused') return instead({ do: 'fail', why: reasonOf(outcome.code, 'platform_refused') }, outcome.message)
  const wait = outcome.kind === 'wait'
  const why = wait ? reasonOf(outcome.code, 'platform_unreachable') : 'answer_lost'
  return instead({ do: 'wait', why, untilMs: now + (wait ? outcome.retryMs : bounds.lookAgainMs * 2) }, outcome.message)
}


function create(ports: FleetPorts, held: Held, platform: Platform, now: number): Acted {
  const { bot, spec } = held
  if (spec === null) return broken(held)
  ports.bots.mark(bot.id, { triedAt: now, serviceUuid: '', specHash: '', command: '', commandAt: 0, commandAcked: false })
  const untried = (acted: Acted): Acted => {
    ports.bots.mark(bot.id, { triedAt: bot.serviceUuid === '' ? bot.triedAt : 0 })
    return acted
  }
  const project = held.project === '' ? platform.project(projectName(bot.tenant)) : { kind: 'ok' as const, value: held.project }
  if (project.kind === 'gone') return untried(failed(lostProject, now))
  if (project.kind !== 'ok') return untried(failed(project, now))
  if (held.project === '') ports.bots.keepProject(bot.tenant, held.connection, project.value)
  const home = platform.environment(project.value, environmentName(bot.id))
  if (home.kind === 'gone') {
    ports.bots.keepProject(bot.tenant, held.connection, '')
    return untried(failed(lostProject, now))
  }
  if (home.kind !== 'ok') return untried(failed(home, now))
  if (home.value === 'there') {
    const found = platform.find(project.value, environmentName(bot.id), serviceName(bot.id))
    if (found.kind !== 'ok' && found.kind !== 'gone') return untried(failed(found, now))
    const first = found.kind === 'ok' ? found.value[0] : undefined
    if (first !== undefined) return adopt(ports, held, first.uuid)
  }
  return place(ports, held, spec, project.value, platform, now)
}

/** The project was deleted by hand on the platform: it is made again at the next turn. */
const lostProject: Failed = { kind: 'wait', code: 'answer_lost', message: 'project not found', retryMs: 2000 }

function place(ports: FleetPorts, held: Held, spec: Spec, project: string, platform: Platform, now: number): Acted {
  const { bot } = held
  const made = platform.create({
    project, environment: environmentName(bot.id), server: held.platformServer,
    name: serviceName(bot.id), description: describe(bot.id, spec), compose: spec.compose, urls: spec.urls,
  })
  if (made.kind === 'unknown') return failed(made, now)
  if (made.kind !== 'ok') {
    ports.bots.mark(bot.id, { triedAt: 0 })
    return failed(made.kind === 'gone' ? { kind: 'refused', code: 'platform_unknown', message: 'server or project not found' } : made, now)
  }
  ports.bots.mark(bot.id, { serviceUuid: made.value.uuid })
  return variables(ports, { ...held, appliedKeys: [] }, made.value.uuid, spec, platform, now)
}

/** Only the control plane reads it: it marks the service as ours and shows drift of the set-up. */
function describe(bot: string, spec: Spec): string {
  return `cloudfreedom ${bot} ${spec.hash.slice(0, 16)}`
}

function adopt(ports: FleetPorts, held: Held, uuid: string): Acted {
  ports.bots.mark(held.bot.id, { serviceUuid: uuid, specHash: '', appliedKeys: held.appliedKeys })
  return done
}

function update(ports: FleetPorts, held: Held, spec: Spec, platform: Platform, now: number): Acted {
  const { id, serviceUuid } = held.bot
  const written = platform.update(serviceUuid, { name: serviceName(id), description: describe(id, spec), compose: spec.compose, urls: spec.urls })
  if (written.kind === 'gone') return { kind: 'gone' }
  if (written.kind !== 'ok') return failed(written, now)
  return variables(ports, held, serviceUuid, spec, platform, now)
}

function variables(ports: FleetPorts, held: Held, uuid: string, spec: Spec, platform: Platform, now: number): Acted {
  const keys = Object.keys(spec.variables)
  const removed = held.appliedKeys.filter((key) => !keys.includes(key))
  if (keys.length > 0 || removed.length > 0) {
    // Noted before the call: what a lost answer may have written has to be removed when it is not wanted any more.
    ports.bots.mark(held.bot.id, { appliedKeys: [...keys, ...removed] })
    const written = platform.variables(uuid, spec.variables, removed)
    if (written.kind === 'gone') return { kind: 'gone' }
    if (written.kind !== 'ok') return failed(written, now)
  }
  ports.bots.mark(held.bot.id, { specHash: spec.hash, appliedKeys: keys })
  return done
}

function run(ports: FleetPorts, held: Held, verb: 'start' | 'restart', platform: Platform, now: number): Acted {
  const { bot } = held
  const again = bot.command === verb && bot.commandHash === bot.wantedHash && bot.commandGeneration >= bot.actionGeneration
  const marks: Marks = {
    command: verb, commandAt: now, commandAcked: false, commandHash: bot.wantedHash,
    commandGeneration: bot.generation, repeats: again && bot.commandAcked ? bot.repeats + 1 : bot.repeats, misses: 0,
  }
  if (!ports.bots.claimStart(held, marks, ports.startsInFlightMax, now)) {
    return instead({ do: 'wait', why: 'waiting_for_slot', untilMs: now + bounds.lookAgainMs })
  }
  const asked = verb === 'start' ? platform.start(bot.serviceUuid) : platform.restart(bot.serviceUuid)
  return commanded(ports, held, asked, now)
}

function stop(ports: FleetPorts, held: Held, platform: Platform, now: number): Acted {
  ports.bots.mark(held.bot.id, { command: 'stop', commandAt: now, commandAcked: false, misses: 0 })
  return commanded(ports, held, platform.stop(held.bot.serviceUuid), now)
}

/** Writes down whether the platform took a command; one that certainly never happened is taken back. */
function commanded(ports: FleetPorts, held: Held, asked: Outcome<unknown>, now: number): Acted {
  const { bot } = held
  if (asked.kind === 'ok') {
    ports.bots.mark(bot.id, { commandAcked: true })
    return done
  }
  if (asked.kind === 'unknown') return failed(asked, now)
  ports.bots.mark(bot.id, {
    command: bot.command, commandAt: bot.commandAt, commandAcked: bot.commandAcked,
    commandHash: bot.commandHash, commandGeneration: bot.commandGeneration, repeats: bot.repeats,
  })
  return asked.kind === 'gone' ? { kind: 'gone' } : failed(asked, now)
}

function remove(ports: FleetPorts, held: Held, uuid: string, platform: Platform, now: number): Acted {
  if (uuid !== held.bot.serviceUuid) {
    const twin = platform.remove(uuid)
    return twin.kind === 'ok' || twin.kind === 'gone' ? done : failed(twin, now)
  }
  ports.bots.mark(held.bot.id, { command: 'remove', commandAt: now, commandAcked: false })
  const asked = platform.remove(uuid)
  if (asked.kind === 'gone') return { kind: 'gone' }
  return commanded(ports, held, asked, now)
}

function finalise(ports: FleetPorts, held: Held, platform: Platform, now: number): Acted {
  const { bot } = held
  if (bot.triedAt !== 0 || bot.serviceUuid !== '') {
    if (held.project !== '') {
      const cleared = platform.removeEnvironment(held.project, environmentName(bot.id))
      if (cleared.kind === 'wait' && cleared.code === 'platform_still_deleting') {
        ports.bots.mark(bot.id, { serviceUuid: '', triedAt: now - bounds.createSettleMs, command: '' })
      }
      if (cleared.kind !== 'ok' && cleared.kind !== 'gone') return failed(cleared, now)
    }
  }
  ports.bots.finalise(bot.id)
  return { kind: 'finalised' }
}
