import type { Outcome, Platform } from '../../fleet/ports.ts'
import type { Ask, Call } from './call.ts'
import { read } from './call.ts'
import { wireQueued } from './wire.ts'

type Checked = <T>(uuid: string, then: () => Outcome<T>) => Outcome<T>
type Verb = 'start' | 'stop' | 'restart'

/**
 * Start, stop and restart: by POST since 4.2.0, queued, without a job id. Coolify compares with a status that
 * may be minutes old, so its 400 "already running/stopped" is `already`: to be confirmed, and no error.
 */
export function lifecycle(ask: Ask, checked: Checked): Pick<Platform, Verb> {
  return {
    start: (uuid) => checked(uuid, () => command(ask, 'start', uuid, '')),
    /** The clean-up of a stop would prune images of other bots that are stopped (coolify #9582). */
    stop: (uuid) => checked(uuid, () => command(ask, 'stop', uuid, '?docker_cleanup=false')),
    restart: (uuid) => checked(uuid, () => restart(ask, uuid)),
  }
}

/**
 * `latest=true` pulls - for a pinned image one question to the registry - and then recreates the container.
 * Without it Coolify stops first and writes `exited`; the new container has the same name and state, so its
 * status pushes look unchanged and the stale `exited` stays for up to 300 s. In that time a stop is answered
 * with "already stopped", and the fleet would start a bot that runs.
 */
function restart(ask: Ask, uuid: string): Outcome<'queued'> {
  const done = command(ask, 'restart', uuid, '?latest=true')
  return done.kind === 'ok' ? { kind: 'ok', value: 'queued' } : done
}

const already = /is already (running|stopped)/i

function command(ask: Ask, verb: Verb, uuid: string, query: string): Outcome<'queued' | 'already'> {
  const path = `/services/${encodeURIComponent(uuid)}/${verb}${query}`
  const call: Call = { does: `${verb} the service`, method: 'POST', path }
  const asked = ask(call)
  const { said } = asked
  if (said?.status === 400 && already.test(said.message)) return { kind: 'ok', value: 'already' }
  const queued = read(asked, call, wireQueued)
  return queued.kind === 'ok' ? { kind: 'ok', value: 'queued' } : queued
}
