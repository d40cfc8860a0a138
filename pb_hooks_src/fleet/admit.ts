import type { Refusal } from '../tenancy/refusal.ts'
import type { TemplateVersion } from '../catalogue/template.ts'
import type { DesiredState, Size } from './bot.ts'
import type { Entitlements, Holding } from './quota.ts'
import type { ServerRoom } from './placement.ts'
import { refuse } from '../tenancy/refusal.ts'
import { checkAnswers } from '../catalogue/answers.ts'
import { checkQuota } from './quota.ts'
import { choose, fitsInPlace } from './placement.ts'
import { isReserved, slugOf, slugPattern, slugWith } from './slug.ts'

/** What a caller wants of a bot, from whichever door. Zero or empty means not given. */
export type Wish = Size & {
  name: string
  desired: DesiredState
  slug: string
  customDomain: string
  answers: Record<string, unknown>
  secrets: Record<string, unknown>
}

/** What the wish is judged against, read inside the same transaction that stores it. */
export type World = {
  tenant: { id: string; status: string }
  /** Null when the tenant has no subscription that allows bots. */
  entitlements: Entitlements | null
  others: Holding
  /** Null when the version does not exist, is not published, or belongs to another tenant. */
  version: TemplateVersion | null
  /** What is committed there leaves out the bot that is judged. */
  servers: readonly ServerRoom[]
  secretsSet: readonly string[]
  /** Names of platform values (question kind `platform`) that this installation has not set. */
  missingValues: readonly string[]
  /** Is the slug in use, or freed so recently that another tenant must not get it? */
  slugTaken(slug: string): boolean
  randomSuffix(): string
}

export type Admitted = Size & {
  name: string
  slug: string
  answers: Record<string, string | number | boolean>
  /** Values to encrypt; null removes a key. */
  secrets: Record<string, string | null>
  /** Empty when the bot has to wait for room. */
  server: string
}

export type Admission = { refusals: Refusal[]; admitted: Admitted | null }

const nameLengthMax = 80

/** Judges a new bot. All refusals are found in one pass, so that a form can show them together. */
export function admitCreate(wish: Wish, world: World): Admission {
  const { version } = world
  if (version === null) return { refusals: [refuse('template_version', 'template_unknown')], admitted: null }
  const size = sizeOrRecommended(wish, version)
  const answered = checkAnswers(version, wish.answers, wish.secrets, { secretsSet: [], mode: 'create' })
  const slug = slugFor(wish, world)
  const refusals = [
    ...checkTenant(world), ...checkName(wish.name), ...slug.refusals, ...checkDomain(wish), ...answered.refusals,
    ...checkMinimum(version, size), ...checkPlan(world, size), ...checkValues(world, version),
  ]
  const spot = choose(world.servers, world.tenant.id, size)
  if (spot === 'never' && refusals.length === 0) refusals.push(refuse('memory_mib', 'no_server_holds_size'))
  if (refusals.length > 0) return { refusals, admitted: null }
  const server = typeof spot === 'string' ? '' : spot.server
  return { refusals: [], admitted: { ...size, name: wish.name.trim(), slug: slug.slug, answers: answered.answers, secrets: answered.secrets, server } }
}

/** The bot as it stands, for judging a change to it. */
export type Standing = Size & { server: string; slug: string; desired: DesiredState; versionChanged: boolean }

/** Judges a change of an existing bot. A running bot that outgrows its server is refused, not moved. */
export function admitUpdate(wish: Wish, standing: Standing, world: World): Admission {
  const { version } = world
  if (version === null) return { refusals: [refuse('template_version', 'template_unknown')], admitted: null }
  const size = { cpuMilli: wish.cpuMilli || standing.cpuMilli, memoryMib: wish.memoryMib || standing.memoryMib, diskMib: wish.diskMib || standing.diskMib }
  const resized = size.cpuMilli !== standing.cpuMilli || size.memoryMib !== standing.memoryMib || size.diskMib !== standing.diskMib
  const answered = checkAnswers(version, wish.answers, wish.secrets, { secretsSet: [...world.secretsSet], mode: 'update' })
  const refusals = [...checkTenant(world), ...checkName(wish.name), ...checkDomain(wish), ...answered.refusals]
  if (standing.desired === 'deleted') refusals.push(refuse('desired_state', 'bot_is_being_deleted'))
  if (wish.slug !== '' && wish.slug !== standing.slug) refusals.push(refuse('slug', 'slug_is_fixed'))
  if (resized || standing.versionChanged) {
    refusals.push(...checkMinimum(version, size))
    if (resized) refusals.push(...checkPlan(world, size, standing), ...checkRoom(world, standing, size))
  }
  if (refusals.length > 0) return { refusals, admitted: null }
  return { refusals: [], admitted: { ...size, name: wish.name.trim(), slug: standing.slug, answers: answered.answers, secrets: answered.secrets, server: standing.server } }
}

function checkTenant(world: World): Refusal[] {
  if (world.tenant.status === 'active') return []
  return [refuse('tenant', world.tenant.id === '' ? 'tenant_missing' : 'tenant_not_active')]
}

function checkName(name: string): Refusal[] {
  const trimmed = name.trim()
  if (trimmed === '') return [refuse('name', 'required')]
  if (trimmed.length > nameLengthMax) return [refuse('name', 'too_long', { max: nameLengthMax })]
  return /[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(trimmed) ? [refuse('name', 'control_characters')] : []
}

/** A bot whose template needs what the operator has not set would only fail later, so it is refused now. */
function checkValues(world: World, version: TemplateVersion): Refusal[] {
  if (world.missingValues.length === 0) return []
  const text = JSON.stringify(version)
  const names = world.missingValues.filter((name) => text.includes(`\${platform.${name}}`)
    || version.questions.some((question) => question.kind === 'platform' && question.required && question.source === name))
  return names.length === 0 ? [] : [refuse('template_version', 'platform_value_missing', { names: names.join(', ') })]
}

/** Own domains need proof of ownership first, which no plan offers yet. */
function checkDomain(wish: Wish): Refusal[] {
  return wish.customDomain === '' ? [] : [refuse('custom_domain', 'custom_domain_later')]
}

function sizeOrRecommended(wish: Wish, version: TemplateVersion): Size {
  const { recommended } = version.resources
  return {
    cpuMilli: wish.cpuMilli || recommended.cpu_milli,
    memoryMib: wish.memoryMib || recommended.memory_mib,
    diskMib: wish.diskMib || recommended.disk_mib,
  }
}

function checkMinimum(version: TemplateVersion, size: Size): Refusal[] {
  const { min } = version.resources
  const refusals: Refusal[] = []
  if (size.cpuMilli < min.cpu_milli) refusals.push(refuse('cpu_milli', 'below_minimum', { min: min.cpu_milli, unit: 'mCPU' }))
  if (size.memoryMib < min.memory_mib) refusals.push(refuse('memory_mib', 'below_minimum', { min: min.memory_mib, unit: 'MiB' }))
  if (size.diskMib < min.disk_mib) refusals.push(refuse('disk_mib', 'below_minimum', { min: min.disk_mib, unit: 'MiB' }))
  return refusals
}

function checkPlan(world: World, size: Size, before: Size | null = null): Refusal[] {
  const grows = before === null || size.cpuMilli > before.cpuMilli || size.memoryMib > before.memoryMib || size.diskMib > before.diskMib
  if (world.entitlements === null) return grows ? [refuse('tenant', 'no_subscription')] : []
  return checkQuota(world.entitlements, world.others, size, before)
}

function checkRoom(world: World, standing: Standing, size: Size): Refusal[] {
  if (standing.server === '') {
    return choose(world.servers, world.tenant.id, size) === 'never' ? [refuse('memory_mib', 'no_server_holds_size')] : []
  }
  const home = world.servers.find((server) => server.id === standing.server)
  return home !== undefined && fitsInPlace(home, size) ? [] : [refuse('memory_mib', 'server_has_no_room')]
}

/** A slug that was asked for is taken as it is or refused; a derived one gives way to what exists. */
function slugFor(wish: Wish, world: World): { slug: string; refusals: Refusal[] } {
  if (wish.slug !== '') {
    const code = !slugPattern.test(wish.slug) ? 'slug_shape' : isReserved(wish.slug) ? 'slug_reserved' : world.slugTaken(wish.slug) ? 'slug_taken' : ''
    return { slug: wish.slug, refusals: code === '' ? [] : [refuse('slug', code)] }
  }
  const plain = slugOf(wish.name)
  return { slug: world.slugTaken(plain) ? slugWith(plain, world.randomSuffix()) : plain, refusals: [] }
}

