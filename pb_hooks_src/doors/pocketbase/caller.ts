import type { Locale } from '../../tenancy/refusal.ts'

/** Who stands behind a change. `system` is the control plane itself. */
export type Caller = {
  type: 'user' | 'superuser' | 'staff' | 'system'
  id: string
  label: string
  tenant: string
  role: string
  locale: Locale
  /** The `If-Match` revision of the request; null when none was sent. */
  revision: number | 'unreadable' | null
}

/** The caller of a request. The language is the user's own, else what the browser prefers, else English. */
export function callerOf(auth: PbRecord | null, headers: { [name: string]: string }): Caller {
  const prefers: Locale = /^\s*de\b/i.test(headers['accept_language'] ?? '') ? 'de' : 'en'
  const condition = headers['if_match'] ?? ''
  const match = /^"?(\d{1,9})"?$/.exec(condition)
  const revision = condition === '' || condition === '*' ? null : match === null ? 'unreadable' : Number(match[1])
  if (auth === null) return { type: 'user', id: '', label: '', tenant: '', role: '', locale: prefers, revision }
  if (auth.isSuperuser()) return { type: 'superuser', id: auth.id, label: auth.getString('email'), tenant: '', role: '', locale: prefers, revision }
  const own = auth.getString('locale')
  const staff = auth.getString('staff') !== ''
  return {
    type: staff ? 'staff' : 'user', id: auth.id, label: auth.getString('name') || auth.getString('email'),
    tenant: auth.getString('tenant'), role: auth.getString('role'),
    locale: own === 'de' || own === 'en' ? own : prefers, revision,
  }
}

export const system: Caller = { type: 'system', id: '', label: 'control plane', tenant: '', role: '', locale: 'en', revision: null }

/** A record carries its caller from the request hook to the model hook as data that is never stored. */
export const carriedField = 'caller_'

export function hand(record: PbRecord, caller: Caller): void {
  record.set(carriedField, JSON.stringify(caller))
}

export function handed(record: PbRecord): Caller {
  const text = record.getString(carriedField)
  return text === '' ? system : (JSON.parse(text) as Caller)
}

/** The body as plain data: PocketBase hands out Go maps, which look like objects and are none to a schema. */
export function bodyOf(info: PbRequestInfo): { [name: string]: unknown } {
  return JSON.parse(JSON.stringify(info.body ?? {})) as { [name: string]: unknown }
}
