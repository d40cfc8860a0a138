import type { Outcome, Platform } from '../../fleet/ports.ts'
import type { Settings } from './call.ts'
import type { Http } from './http.ts'
import { caller } from './call.ts'
import { unclear } from './errors.ts'
import { lifecycle } from './lifecycle.ts'
import { faultOfVariables, isName, isSegment, isServiceKey } from './names.ts'
import { environment, find, project, removeEnvironment } from './projects.ts'
import { create, logs, look, remove, sweep, update } from './services.ts'
import { variables } from './variables.ts'
import { versionOf } from './version.ts'

export type { Settings } from './call.ts'
export { supported } from './version.ts'

type Refused = Extract<Outcome<never>, { kind: 'refused' }>

/**
 * Coolify behind the fleet's port (contract: its API from 4.2.0 to 4.3.23). No memory, no clock, no
 * repeating: every verb is one or a few calls through `http`, and its outcome says what is known then.
 */
export function coolify(settings: Settings, http: Http): Platform {
  const ask = caller(settings, http)
  return {
    version: () => {
      const { outcome, said } = ask({ does: 'read the version', method: 'GET', path: '/version' })
      if (outcome.kind !== 'ok') return outcome
      const found = versionOf(said?.text ?? '')
      return found === null ? unclear('read', notCoolify) : { kind: 'ok', value: found }
    },
    project: (name) => checked([], [name], () => project(ask, name)),
    environment: (home, name) => checked([home], [name], () => environment(ask, home, name)),
    find: (home, place, name) => checked([home, place], [name], () => find(ask, home, place, name)),
    create: (spec) =>
      checked([spec.project, spec.server], [spec.environment, spec.name], () => create(ask, spec)),
    update: (uuid, spec) => checked([uuid], [spec.name], () => update(ask, uuid, spec)),
    variables: (uuid, set, gone) => {
      const fault = faultOfVariables(set, gone)
      return fault !== '' ? refuse(fault) : checked([uuid], [], () => variables(ask, uuid, set, gone))
    },
    ...lifecycle(ask, (uuid, then) => checked([uuid], [], then)),
    remove: (uuid) => checked([uuid], [], () => remove(ask, uuid)),
    look: (uuid) => checked([uuid], [], () => look(ask, uuid)),
    removeEnvironment: (home, name) =>
      checked([home, name], [], () => removeEnvironment(ask, home, name)),
    sweep: (server) => checked([server], [], () => sweep(ask, server)),
    logs: (uuid, service, lines) => {
      if (!isServiceKey(service)) return refuse('the service key is not one of ours')
      return checked([uuid], [], () => logs(ask, uuid, service, lines))
    },
  }
}

const notCoolify = 'read the version: something else than Coolify answers there'

function refuse(message: string): Refused {
  return { kind: 'refused', code: 'platform_refused', message }
}

/** An empty id would name the whole collection and `..` another route: nothing is sent then. */
function checked<T>(segments: string[], names: string[], then: () => Outcome<T>): Outcome<T> {
  if (!segments.every(isSegment)) return refuse('an id is empty or malformed')
  return names.every(isName) ? then() : refuse('a name breaks the rule of the platform')
}
