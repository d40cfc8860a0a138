import type { Outcome, SeenService } from '../../fleet/ports.ts'
import type { Ask, Call } from './call.ts'
import { read, request } from './call.ts'
import { seenService } from './seen.ts'
import { wireEnvironment, wireMade, wireProjects, wireQueued } from './wire.ts'

type Aged = { id?: number | null | undefined }

const enc = encodeURIComponent
/** Coolify's database ids grow, so the lowest one is the oldest. */
const byAge = (a: Aged, b: Aged): number => ageOf(a) - ageOf(b)
const ageOf = (entry: Aged): number => entry.id ?? Number.MAX_SAFE_INTEGER

/** Names are not unique on the platform: of two projects made in a race the older one counts. */
export function project(ask: Ask, name: string): Outcome<string> {
  const listing: Call = { does: 'list the projects', method: 'GET', path: '/projects' }
  const list = read(ask(listing), listing, wireProjects)
  if (list.kind !== 'ok') return list
  const [first] = list.value.filter((entry) => entry.name === name).sort(byAge)
  if (first !== undefined) return { kind: 'ok', value: first.uuid }
  const making: Call = { does: 'make the project', method: 'POST', path: '/projects', body: { name } }
  return request(ask, making, wireMade, (made) => made.uuid)
}

/** The name is unique per project in Coolify's database: its 409 is the one lock that the API offers. */
export function environment(ask: Ask, home: string, name: string): Outcome<'made' | 'there'> {
  const path = `/projects/${enc(home)}/environments`
  const call: Call = { does: 'make the environment', method: 'POST', path, body: { name } }
  const asked = ask(call)
  if (asked.said?.status === 409 && asked.said.message !== '') return { kind: 'ok', value: 'there' }
  const made = read(asked, call, wireMade)
  return made.kind === 'ok' ? { kind: 'ok', value: 'made' } : made
}

/** Services of that name, oldest first; one that a failed create left without containers is among them. */
export function find(ask: Ask, home: string, place: string, name: string): Outcome<SeenService[]> {
  const path = `/projects/${enc(home)}/${enc(place)}`
  const call: Call = { does: 'look into the environment', method: 'GET', path }
  return request(ask, call, wireEnvironment, ({ services }) =>
    services.filter((entry) => entry.name === name).sort(byAge).map(seenService))
}

/** Not there is as good as deleted; while services are left the outcome is `platform_still_deleting`. */
export function removeEnvironment(ask: Ask, home: string, name: string): Outcome<null> {
  const path = `/projects/${enc(home)}/environments/${enc(name)}`
  const call: Call = { does: 'delete the environment', method: 'DELETE', path }
  const removed = request(ask, call, wireQueued, () => null)
  return removed.kind === 'gone' ? { kind: 'ok', value: null } : removed
}
