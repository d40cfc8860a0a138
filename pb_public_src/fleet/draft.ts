import { signal } from '@preact/signals'
import type { Signal } from '@preact/signals'
import { checkAnswers, formQuestions } from '../../pb_hooks_src/catalogue/answers.ts'
import type { CheckedAnswers } from '../../pb_hooks_src/catalogue/answers.ts'
import type { Question, TemplateVersion } from '../../pb_hooks_src/catalogue/template.ts'
import { sentence } from '../../pb_hooks_src/fleet/sentences.ts'
import { locale } from '../words.ts'

export type Answers = Record<string, string | number | boolean>

/**
 * What stands in a form of questions. Texts and numbers as typed; a secret that is absent is left as it
 * is, null removes it. Secrets live in this memory only and are gone with the page.
 */
export type Draft = {
  version: TemplateVersion
  questions: Question[]
  answers: Signal<Record<string, string | boolean>>
  secrets: Signal<Record<string, string | null>>
  /** Sentences by field: `name`, `answers.TZ`, `secrets.API_KEY`. */
  wrong: Signal<Record<string, string>>
  mode: 'create' | 'update'
  secretsSet: readonly string[]
}

/** A new draft, filled with the bot's answers or, for a new bot, with the defaults. */
export function draftOf(version: TemplateVersion, bot: { answers: Answers; secretsSet: readonly string[] } | null): Draft {
  const questions = formQuestions(version)
  const filled: Record<string, string | boolean> = {}
  for (const { key, kind, default: standard } of questions) {
    if (kind === 'secret') continue
    const value = bot === null ? standard : (bot.answers[key] ?? null)
    filled[key] = kind === 'boolean' ? value === true : value === null ? '' : String(value)
  }
  return {
    version, questions, answers: signal(filled), secrets: signal({}), wrong: signal({}),
    mode: bot === null ? 'create' : 'update', secretsSet: bot?.secretsSet ?? [],
  }
}

/** What the draft says, as the catalogue judges it: the same code as on the server. */
export function judge(draft: Draft): CheckedAnswers {
  return checkAnswers(draft.version, typed(draft), draft.secrets.value, { mode: draft.mode, secretsSet: draft.secretsSet })
}

/** The refusals of a draft as sentences by field. */
export function faultsOf(checked: CheckedAnswers): Record<string, string> {
  return Object.fromEntries(checked.refusals.map((refusal) => [refusal.field, sentence(refusal, locale.value)]))
}

/** Judges one field, when it is left. */
export function judgeField(draft: Draft, field: string): void {
  draft.wrong.value = { ...draft.wrong.value, [field]: faultsOf(judge(draft))[field] ?? '' }
}

/** Changes one answer; its refusal goes away until the field is left. */
export function answer(draft: Draft, key: string, value: string | boolean): void {
  draft.answers.value = { ...draft.answers.value, [key]: value }
  draft.wrong.value = { ...draft.wrong.value, [`answers.${key}`]: '' }
}

/** Changes one secret; undefined leaves the stored one as it is. */
export function setSecret(draft: Draft, key: string, value: string | null | undefined): void {
  const { [key]: _, ...rest } = draft.secrets.value
  draft.secrets.value = value === undefined ? rest : { ...rest, [key]: value }
  draft.wrong.value = { ...draft.wrong.value, [`secrets.${key}`]: '' }
}

/** Numbers are typed with a comma or a dot; what is no number stays text, so that it is refused as such. */
function typed(draft: Draft): Answers {
  const given: Answers = {}
  for (const { key, kind } of draft.questions) {
    const value = draft.answers.value[key]
    if (value === undefined || value === '') continue
    const number = kind === 'number' && typeof value === 'string' ? Number(value.trim().replace(',', '.')) : Number.NaN
    given[key] = Number.isFinite(number) ? number : value
  }
  return given
}
