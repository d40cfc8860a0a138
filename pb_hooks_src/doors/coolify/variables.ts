import type { Outcome } from '../../fleet/ports.ts'
import type { Ask, Call } from './call.ts'
import { read, request } from './call.ts'
import { unclear } from './errors.ts'
import { wireQueued, wireVariables } from './wire.ts'

type Values = Record<string, string>

/**
 * Sets variables in one call and deletes the named ones that exist. Coolify's bulk call has no transaction
 * and never deletes, so after `unknown` the whole is repeated. Every call is quiet: an error of the platform
 * may repeat the value that it complains about.
 */
export function variables(ask: Ask, uuid: string, set: Values, remove: string[]): Outcome<null> {
  const path = `/services/${encodeURIComponent(uuid)}/envs`
  const keys = Object.keys(set)
  const written = write(ask, path, set, keys)
  return written.kind === 'ok' ? removeKeys(ask, path, remove.filter((key) => !keys.includes(key))) : written
}

/** Literal, so that compose does not interpolate `$`. An empty list is answered with 400 and not sent. */
function write(ask: Ask, path: string, set: Values, keys: string[]): Outcome<null> {
  if (keys.length === 0) return { kind: 'ok', value: null }
  const flags = { is_literal: true, is_multiline: false, is_shown_once: false }
  const body = { data: keys.map((key) => ({ key, value: set[key], ...flags })) }
  const call: Call = { does: 'set the variables', method: 'PATCH', path: `${path}/bulk`, body, quiet: true }
  const answered = read(ask(call), call, wireVariables)
  if (answered.kind !== 'ok') return answered
  const taken = new Set(answered.value.map((entry) => entry.key))
  return keys.every((key) => taken.has(key)) ? { kind: 'ok', value: null }
    : unclear('mutation', `${call.does}: the platform did not confirm all of them`)
}

/** Deletion goes by the uuid of the row; two rows of one key (coolify #11117) are both deleted. */
function removeKeys(ask: Ask, path: string, keys: string[]): Outcome<null> {
  if (keys.length === 0) return { kind: 'ok', value: null }
  const listing: Call = { does: 'list the variables', method: 'GET', path, quiet: true }
  const list = read(ask(listing), listing, wireVariables)
  if (list.kind !== 'ok') return list
  for (const { uuid } of list.value.filter((entry) => keys.includes(entry.key))) {
    const row = `${path}/${encodeURIComponent(uuid)}`
    const call: Call = { does: 'delete a variable', method: 'DELETE', path: row, quiet: true }
    const deleted = request(ask, call, wireQueued, () => null)
    if (deleted.kind !== 'ok' && deleted.kind !== 'gone') return deleted
  }
  return { kind: 'ok', value: null }
}
