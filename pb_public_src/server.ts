import PocketBase, { ClientResponseError } from 'pocketbase'
import { signal } from '@preact/signals'
import type { AuthRecord } from 'pocketbase'
import type { Phase } from '../pb_hooks_src/fleet/bot.ts'
import type { Verb } from '../pb_hooks_src/fleet/can.ts'
import type { Template, TemplateVersion } from '../pb_hooks_src/catalogue/template.ts'
import { locale, say } from './words.ts'

/** Dates are PocketBase's text, empty for never; sizes are milli-cores and MiB. */
export type BotRecord = {
  id: string; tenant: string; name: string; template_version: string; answers: Record<string, string | number | boolean> | null
  cpu_milli: number; memory_mib: number; disk_mib: number; desired_state: 'running' | 'stopped' | 'deleted'
  url: string; generation: number; revision: number; log_seq: number
  status: Phase; status_reason: string; status_message: string; status_since: string; ready_at: string
  secrets_set: Record<string, string> | null; can?: Verb[]; created: string; updated: string
}
export type TemplateRecord = Template & { id: string }
/** A version without its `spec`; `note` says why an unpublished one cannot be used yet. */
export type VersionRecord = {
  id: string; template: string; version: number; app_version: string; channel: 'stable' | 'lts' | 'edge'
  published: boolean; note: string; expand?: { template?: TemplateRecord }
}
export type LogRecord = {
  id: string; bot: string; seq: number; step: string; level: 'info' | 'warn' | 'error'; message: string
  params: Record<string, string> | null; at: string
}
/** The copied limits of a subscription; null = no limit. */
export type Entitlements = {
  bots: number | null; cpu_milli: number | null; memory_mib: number | null; disk_mib: number | null; slug?: string; plan?: string; price_cents?: number
}
export type SubscriptionRecord = { id: string; tenant: string; status: string; entitlements: Entitlements | null; expand?: { plan?: PlanRecord } }
export type PlanRecord = { id: string; slug: string; name: { de: string; en: string }; price_cents: number }
export type UserRecord = { id: string; email: string; name: string; tenant: string; role: string; staff: string }

export const pb = new PocketBase(location.origin)
pb.autoCancellation(false)
pb.beforeSend = (url, options) => {
  options.headers = { ...options.headers, 'Accept-Language': locale.value }
  return { url, options }
}

/** Who is signed in; null shows the sign-in. */
export const user = signal<UserRecord | null>(userOf(pb.authStore.isValid ? pb.authStore.record : null))
pb.authStore.onChange((_token, record) => { user.value = userOf(pb.authStore.isValid ? record : null) })

function userOf(record: AuthRecord): UserRecord | null {
  return record === null ? null : (record as unknown as UserRecord)
}

/** Why a request failed, in words a form can show. */
export type Failure = { status: number; message: string; fields: Record<string, string> }

/** Any error as a failure: the server's own sentences per field, or ours when there was no answer. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof ClientResponseError)) return { status: 0, message: say('failed_request'), fields: {} }
  if (error.status === 401) signOut()
  const body = error.response as { message?: unknown; data?: unknown }
  const message = typeof body.message === 'string' && body.message !== '' ? body.message : say('failed_request')
  return { status: error.status, message: error.status === 0 ? say('offline') : message, fields: flat(body.data, '') }
}

/** `{answers: {TZ: {message}}}` and `{'answers.TZ': {message}}` both become `{'answers.TZ': message}`. */
function flat(raw: unknown, path: string): Record<string, string> {
  if (typeof raw !== 'object' || raw === null) return {}
  const message = (raw as { message?: unknown }).message
  if (path !== '' && typeof message === 'string') return { [path]: message }
  const parts = Object.entries(raw).map(([key, value]) => flat(value, path === '' ? key : `${path}.${key}`))
  return Object.assign({}, ...parts) as Record<string, string>
}

/** Signs in; throws what the server says. */
export async function signIn(email: string, password: string): Promise<void> {
  await pb.collection('users').authWithPassword(email, password)
}

export function signOut(): void {
  pb.authStore.clear()
  void pb.realtime.unsubscribe()
}

/** Answers to a token that is not good any more; 429 is none of them, a few quick reloads cause it. */
const refusedTokens: readonly number[] = [401, 403, 404]

/** Asks the server once who we are now; a token that it refuses signs us out, an absent or busy server does not. */
export async function refreshUser(): Promise<void> {
  await pb.collection('users').authRefresh().catch((error: unknown) => {
    if (error instanceof ClientResponseError && refusedTokens.includes(error.status)) signOut()
  })
}

let known: Promise<VersionRecord[]> | null = null

/** All versions that the caller may see, with their templates and without their contents; read once. */
export function catalogue(): Promise<VersionRecord[]> {
  known ??= pb.collection('bot_template_versions').getFullList<VersionRecord>({
    expand: 'template', sort: '-version', fields: 'id,template,version,app_version,channel,published,note,expand.template.*',
  }).catch((error: unknown) => { known = null; throw error })
  return known
}

const specs = new Map<string, Promise<TemplateVersion>>()

/** The whole content of a version; immutable once published, so it is read once. */
export function specOf(versionId: string): Promise<TemplateVersion> {
  const found = specs.get(versionId)
  if (found !== undefined) return found
  const reading = pb.collection('bot_template_versions').getOne<{ spec: TemplateVersion } & VersionRecord>(versionId)
    .then((record) => record.spec)
  reading.catch(() => specs.delete(versionId))
  specs.set(versionId, reading)
  return reading
}
