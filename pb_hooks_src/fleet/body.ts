import * as z from 'zod/mini'
import type { Refusal } from '../tenancy/refusal.ts'
import { refuse } from '../tenancy/refusal.ts'
import { botServerFields } from '../tenancy/server-fields.ts'
import { ACTIONS } from './bot.ts'

/** Reset in every request hook, whoever calls; a tenant is taken from the caller. */
export const SERVER_FIELDS = ['tenant', ...botServerFields] as const

/** A template has at most 60 questions; a body with more keys is judged no further, each key costs time. */
const keysMax = 200
/** A request longer than this is not read. */
export const bodyLengthMax = 400_000

const textMax = (max: number) => z.optional(z.string().check(z.maxLength(max)))
const whole = z.optional(z.int().check(z.gte(0), z.lte(10_000_000)))
const names = z.optional(z.nullable(z.record(z.string(), z.unknown())))

const common = {
  name: textMax(500), template_version: textMax(30), answers: names, secrets: names,
  cpu_milli: whole, memory_mib: whole, disk_mib: whole,
  desired_state: z.optional(z.enum(['running', 'stopped'])),
  custom_domain: textMax(253), slug: textMax(100), tenant: textMax(30),
}
const createBody = z.strictObject(common)
const updateBody = z.strictObject({ ...common, action: z.optional(z.enum(['', ...ACTIONS])) })

/** What PocketBase's own dashboard posts besides: every field as it was loaded, JSON fields perhaps as text. */
const adminKeys: readonly string[] = [...SERVER_FIELDS, 'id', 'created', 'updated', 'action', 'collectionId', 'collectionName', 'expand', 'can']

/**
 * Checks a request body field by field before PocketBase has dropped what it does not know and turned
 * "abc" into 0. A superuser's form is taken with all its fields; what only the server writes is reset later.
 */
export function checkBody(body: { [name: string]: unknown }, verb: 'create' | 'update', superuser: boolean): Refusal[] {
  const crowded = (['answers', 'secrets'] as const).filter((field) => Object.keys(body[field] ?? {}).length > keysMax)
  if (crowded.length > 0) return crowded.map((field) => refuse(field, 'too_many_keys', { max: keysMax }))
  const given = superuser ? withoutAdminFields(body) : body
  const result = (verb === 'create' ? createBody : updateBody).safeParse(given)
  if (result.success) return []
  return result.error.issues.flatMap((issue) => refusalsOf(issue as unknown as Issue))
}

function withoutAdminFields(body: { [name: string]: unknown }): { [name: string]: unknown } {
  const given: { [name: string]: unknown } = {}
  for (const name of Object.keys(body)) {
    if (adminKeys.includes(name)) continue
    const value = body[name]
    const jsonText = (name === 'answers' || name === 'secrets') && typeof value === 'string'
    const erasing = name === 'desired_state' && value === 'deleted'
    if (!jsonText && !erasing) given[name] = value
  }
  return given
}

type Issue = { code: string; path: (string | number)[]; keys?: string[]; expected?: string; values?: unknown[]; maximum?: number; origin?: string }

function refusalsOf(issue: Issue): Refusal[] {
  const field = issue.path.join('.')
  switch (issue.code) {
    case 'unrecognized_keys':
      return (issue.keys ?? []).map((key) => refuse(key, (SERVER_FIELDS as readonly string[]).includes(key) ? 'server_only_field' : 'unknown_field'))
    case 'invalid_value': return [refuse(field, 'not_one_of', { options: (issue.values ?? []).filter((value) => value !== '').join(', ') })]
    case 'too_big': return [issue.origin === 'string' ? refuse(field, 'too_long', { max: issue.maximum ?? 0 }) : refuse(field, 'not_whole_number')]
    case 'invalid_type': return [refuse(field, issue.expected === 'string' ? 'not_text' : issue.expected === 'record' ? 'not_an_object' : 'not_whole_number')]
    default: return [refuse(field, 'not_whole_number')]
  }
}
