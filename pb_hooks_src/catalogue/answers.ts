import * as z from 'zod/mini'
import type { Refusal } from '../tenancy/refusal.ts'
import type { Question } from './question.ts'
import type { TemplateVersion } from './template.ts'
import { refuse } from '../tenancy/refusal.ts'
import { answerLengthMax } from './bounds.ts'
import { checkCustom } from './custom.ts'
import { isSecretKind } from './question.ts'
import { valueFault } from './value.ts'

export type Answers = Record<string, string | number | boolean>

/** What is judged, and what the bot has already. */
export type AnswersContext = { secretsSet: readonly string[]; mode: 'create' | 'update' }

/** Normalised values, to be used only when there are no refusals. A secret of null is to be removed. */
export type CheckedAnswers = { refusals: Refusal[]; answers: Answers; secrets: Record<string, string | null> }

const typed = ['plain', 'enum', 'boolean', 'number', 'url', 'email']
// Own patterns: z.url and z.email need URL or lookahead sets that goja answers wrongly.
const urlPattern = /^https?:\/\/[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?(?:[\/?#][^\s]*)?$/
const emailPattern = /^[A-Za-z0-9._%+-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z]{2,}$/

/** The questions a customer sees or edits, in the order of the version. */
export function formQuestions(version: TemplateVersion): Question[] {
  return version.questions.filter(
    (question) => question.visible && (typed.includes(question.kind) || question.kind === 'secret'),
  )
}

/** The schema of one answer or secret. A text is trimmed; its pattern must match as a whole. */
function questionAnswerSchema(question: Question): z.ZodMiniType<string | number | boolean> {
  const min = question.min ?? -Number.MAX_VALUE
  const max = question.max ?? Number.MAX_VALUE
  if (question.kind === 'boolean') return z.boolean()
  if (question.kind === 'number')
    return z.number().check(
      z.gte(min),
      z.lte(max),
      z.refine((value) => !question.whole || Number.isInteger(value)),
    )
  if (question.kind === 'enum') return z.enum(question.options.map((option) => option.value))
  const text = z
    .string()
    .check(
      z.trim(),
      z.minLength(Math.max(0, question.min ?? 0)),
      z.maxLength(question.max ?? answerLengthMax),
    )
  if (question.kind === 'url') return text.check(z.regex(urlPattern))
  if (question.kind === 'email') return text.check(z.regex(emailPattern))
  return question.pattern === '' ? text : text.check(z.regex(wholePattern(question.pattern)))
}

/** A pattern always judges the whole value, with or without its own anchors. */
export function wholePattern(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`)
}

type AnswersSchema = z.ZodMiniType<Record<string, unknown>>

/** Building a schema costs ten times what using it does; versions never change, so each one's are kept with it. */
const built = new WeakMap<TemplateVersion, Partial<Record<'answers' | 'secrets', AnswersSchema>>>()

/** The schema of the answers (`kind` plain) or of the secrets of a version: unknown keys are refused. */
export function answersSchema(version: TemplateVersion, of: 'answers' | 'secrets' = 'answers'): AnswersSchema {
  const known = built.get(version) ?? {}
  const schema = known[of] ?? buildSchema(version, of)
  built.set(version, { ...known, [of]: schema })
  return schema
}

function buildSchema(version: TemplateVersion, of: 'answers' | 'secrets'): AnswersSchema {
  const shape: Record<string, z.ZodMiniType> = {}
  for (const question of version.questions) {
    if (of === 'answers' && typed.includes(question.kind))
      shape[question.key] = z.optional(questionAnswerSchema(question))
    if (of === 'secrets' && question.kind === 'secret')
      shape[question.key] = z.optional(z.nullable(questionAnswerSchema(question)))
  }
  return z.strictObject(shape)
}

/**
 * Judges all answers of a bot and the secrets of one request; finds every refusal in one pass.
 *
 * Answers are always the whole set. On create every default is filled in; on update only those of
 * required questions, so that a customer can empty an optional field. Secrets are a change: a missing
 * key stays as it is, null removes it.
 */
export function checkAnswers(
  version: TemplateVersion,
  answers: unknown,
  secrets: unknown,
  context: AnswersContext,
): CheckedAnswers {
  const refusals: Refusal[] = []
  const given = members(answers, 'answers', refusals)
  const changed = members(secrets, 'secrets', refusals)
  fillDefaults(version, given, context.mode, refusals)
  refusals.push(...judge(version, given, 'answers'), ...judge(version, changed, 'secrets'))
  refusals.push(...checkRequired(version, given, changed, context))
  if (refusals.length === 0) refusals.push(...checkCustom(version, given, changed))
  return {
    refusals,
    answers: trimmed(given) as Answers,
    secrets: trimmed(changed) as Record<string, string | null>,
  }
}

/** Secrets that the control plane still has to make for a bot that has those of `have`. */
export function missingGenerated(
  version: TemplateVersion,
  have: readonly string[],
): { key: string; bytes: number; encoding: 'hex' | 'base64url' }[] {
  return version.questions
    .filter((question) => question.kind === 'generated' && !have.includes(question.key))
    .map(({ key, bytes, encoding }) => ({ key, bytes, encoding }))
}

/** A copy of the members of an object; an empty text counts as not given. Absent counts as empty. */
function members(raw: unknown, field: string, refusals: Refusal[]): Record<string, unknown> {
  if (raw === undefined || raw === null) return {}
  if (typeof raw !== 'object' || Array.isArray(raw)) {
    refusals.push(refuse(field, 'not_an_object'))
    return {}
  }
  return Object.fromEntries(
    Object.entries(raw).filter(([, value]) => typeof value !== 'string' || value.trim() !== ''),
  )
}

function fillDefaults(
  version: TemplateVersion,
  given: Record<string, unknown>,
  mode: 'create' | 'update',
  refusals: Refusal[],
): void {
  for (const question of version.questions) {
    if (!typed.includes(question.kind)) continue
    const { key } = question
    const value = Object.hasOwn(given, key) ? given[key] : undefined
    if (!question.editable && value !== undefined && value !== question.default)
      refusals.push(refuse(`answers.${key}`, 'not_editable'))
    if (value === null || (!question.editable && value !== question.default)) delete given[key]
    const fills = mode === 'create' || question.required || !question.editable
    if (!Object.hasOwn(given, key) && question.default !== null && fills) given[key] = question.default
  }
}

function judge(
  version: TemplateVersion,
  values: Record<string, unknown>,
  of: 'answers' | 'secrets',
): Refusal[] {
  const refusals: Refusal[] = []
  if (Object.keys(values).length === 0 && of === 'secrets') return refusals
  const parsed = answersSchema(version, of).safeParse(values)
  const questions = new Map(version.questions.map((question) => [question.key, question]))
  for (const issue of parsed.success ? [] : parsed.error.issues) {
    if (issue.code === 'unrecognized_keys') {
      refusals.push(
        ...issue.keys.map((key) =>
          refuse(`${of}.${key}`, of === 'answers' ? 'unknown_answer' : 'unknown_secret', { key }),
        ),
      )
      continue
    }
    const key = String(issue.path[0] ?? '')
    const question = questions.get(key)
    const field = `${of}.${key}`
    if (question !== undefined && !refusals.some((refusal) => refusal.field === field))
      refusals.push(answerRefusal(field, question, issue))
  }
  for (const [key, value] of Object.entries(values)) {
    const question = questions.get(key)
    if (
      question === undefined ||
      typeof value !== 'string' ||
      refusals.some((refusal) => refusal.field === `${of}.${key}`)
    )
      continue
    const fault = valueFault(value.trim(), { secret: isSecretKind(question), multiline: question.multiline })
    if (fault !== null) refusals.push(refuse(`${of}.${key}`, fault.code, { ...fault.params, key }))
  }
  return refusals
}

/** The product's own code for what zod found. */
function answerRefusal(field: string, question: Question, issue: z.core.$ZodIssue): Refusal {
  const number = question.kind === 'number'
  switch (issue.code) {
    case 'invalid_type':
      return refuse(field, number ? 'not_number' : question.kind === 'boolean' ? 'not_boolean' : 'not_text')
    case 'too_small':
      return refuse(field, number ? 'number_too_small' : 'too_short', { min: Number(issue.minimum) })
    case 'too_big':
      return refuse(field, number ? 'number_too_large' : 'too_long', { max: Number(issue.maximum) })
    case 'invalid_value':
      return refuse(field, 'not_an_option', {
        options: question.options.map((option) => option.value).join(', '),
      })
    default:
      if (number) return refuse(field, 'number_not_whole')
      if (question.kind === 'url') return refuse(field, 'not_url')
      if (question.kind === 'email') return refuse(field, 'not_email')
      return refuse(field, 'pattern_mismatch', {
        reason_de: question.pattern_error.de,
        reason_en: question.pattern_error.en,
      })
  }
}

function checkRequired(
  version: TemplateVersion,
  given: Record<string, unknown>,
  changed: Record<string, unknown>,
  context: AnswersContext,
): Refusal[] {
  const refusals: Refusal[] = []
  for (const { key, kind, required } of version.questions) {
    if (!required) continue
    if (typed.includes(kind) && given[key] === undefined) refusals.push(refuse(`answers.${key}`, 'required'))
    if (kind !== 'secret') continue
    const stays = context.mode === 'update' && context.secretsSet.includes(key)
    if (changed[key] === null) refusals.push(refuse(`secrets.${key}`, 'secret_required'))
    else if (changed[key] === undefined && !stays) refusals.push(refuse(`secrets.${key}`, 'required'))
  }
  return refusals
}

function trimmed(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, typeof value === 'string' ? value.trim() : value]),
  )
}
