import * as z from 'zod/mini'
import {
  generatedBytesMax,
  generatedBytesMin,
  optionsMax,
  patternLengthMax,
  textLengthMax,
} from './bounds.ts'

/**
 * plain, enum, boolean, number, url, email: typed by the customer, stored as they are.
 * secret: typed by the customer, write-only. generated: made once by the control plane, kept like a secret.
 * platform: known to the control plane (see PLATFORM_VALUES). derived: a text made of other values.
 */
export const QUESTION_KINDS = [
  'plain',
  'enum',
  'boolean',
  'number',
  'url',
  'email',
  'secret',
  'generated',
  'platform',
  'derived',
] as const
export type QuestionKind = (typeof QUESTION_KINDS)[number]

/** Sections of the form, in the order in which they are shown; their names are in sentences.ts. */
export const QUESTION_GROUPS = ['basics', 'channels', 'access', 'image', 'advanced'] as const

/** What a `platform` question can ask for. `llm_key` is a secret and never enters a compose document. */
export const PLATFORM_VALUES = ['llm_base_url', 'llm_key', 'llm_model', 'timezone', 'locale'] as const
export type PlatformValue = (typeof PLATFORM_VALUES)[number]

const text = z.string().check(z.maxLength(textLengthMax))
/** A text in both languages; which ones may be empty is decided in whitelist.ts. */
export const textSchema = z.strictObject({ de: text, en: text })
const noText = { de: '', en: '' }

export const questionSchema = z.strictObject({
  /** Name of the answer or secret, and of the environment variable where `variable` is true. */
  key: z.string().check(z.regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/)),
  kind: z.enum(QUESTION_KINDS),
  label: textSchema,
  help: z._default(textSchema, noText),
  required: z._default(z.boolean(), false),
  default: z._default(z.nullable(z.union([z.string(), z.number(), z.boolean()])), null),
  /** For texts and secrets: must match the whole value; empty for none. No \p{}: goja runs it. */
  pattern: z._default(z.string().check(z.maxLength(patternLengthMax)), ''),
  /** The sentence shown when the pattern does not match. */
  pattern_error: z._default(textSchema, noText),
  /** Of a number its value, of a text or secret its length. */
  min: z._default(z.nullable(z.number()), null),
  max: z._default(z.nullable(z.number()), null),
  /** Of a number: only whole ones are accepted. */
  whole: z._default(z.boolean(), true),
  options: z._default(
    z.array(z.strictObject({ value: z.string(), label: textSchema })).check(z.maxLength(optionsMax)),
    [],
  ),
  /** Whether the customer sees it, and whether they may change it. */
  visible: z._default(z.boolean(), true),
  editable: z._default(z.boolean(), true),
  group: z._default(z.enum(QUESTION_GROUPS), 'basics'),
  on_change: z._default(z.enum(['recreate', 'restart', 'none']), 'recreate'),
  /** The value becomes an environment variable of the containers. */
  variable: z._default(z.boolean(), true),
  /** A text of several lines is allowed. */
  multiline: z._default(z.boolean(), false),
  /** generated: size and form. */
  bytes: z._default(z.int().check(z.gte(generatedBytesMin), z.lte(generatedBytesMax)), 32),
  encoding: z._default(z.enum(['hex', 'base64url']), 'hex'),
  /** platform: which value. */
  source: z._default(z.nullable(z.enum(PLATFORM_VALUES)), null),
  /** derived: a text with placeholders. */
  template: z._default(z.string().check(z.maxLength(textLengthMax)), ''),
})
export type Question = z.infer<typeof questionSchema>

/** Kinds whose value is stored encrypted and never shown again. */
export function isSecretKind(question: Question): boolean {
  return question.kind === 'secret' || question.kind === 'generated'
}

/** Questions whose value must never stand in a compose document. */
export function isSecretValue(question: Question): boolean {
  return isSecretKind(question) || question.source === 'llm_key'
}
