import { signal } from '@preact/signals'
import type { Locale, Text } from '../pb_hooks_src/tenancy/refusal.ts'
import type { botWords } from './words/bot.ts'
import type { deployWords } from './words/deploy.ts'
import type { operatorWords } from './words/operator.ts'
import { shellWords } from './words/shell.ts'

type Words = typeof shellWords & typeof deployWords & typeof botWords & typeof operatorWords
/** Key of a sentence of the portal. */
export type Word = keyof Words

const table: { [word in Word]?: readonly [string, string] } = { ...shellWords }

/** Adds the sentences of a page that is a chunk of its own; called where such a page is defined. */
export function learn(words: Partial<Words>): void {
  Object.assign(table, words)
}

const storageKey = 'cf-locale'

/** The language of the page: what was chosen here, else what the browser prefers. */
export const locale = signal<Locale>(firstLocale())

function firstLocale(): Locale {
  const kept = localStorage.getItem(storageKey)
  if (kept === 'de' || kept === 'en') return kept
  return navigator.language.toLowerCase().startsWith('de') ? 'de' : 'en'
}

/** Changes the language and remembers it in this browser. */
export function speak(next: Locale): void {
  localStorage.setItem(storageKey, next)
  locale.value = next
}

/**
 * The sentence of a key in the current language, its `{name}` places filled.
 * @example say('bot_counts', { count: 3 })
 */
export function say(word: Word, params: Record<string, string | number> = {}): string {
  return fill(table[word]?.[locale.value === 'de' ? 0 : 1] ?? word, params)
}

/** The current language of a text that came with a record. */
export function pick(text: Text | null | undefined): string {
  return text?.[locale.value] || text?.en || text?.de || ''
}

/** Replaces `{name}` places; an unknown place stays as it is. */
export function fill(text: string, params: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole))
}

const second = 1000
const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400 * second], ['hour', 3_600 * second], ['minute', 60 * second],
]

/** PocketBase's text of a date as epoch milliseconds; 0 for an empty one. */
export function instant(text: string): number {
  return text === '' ? 0 : Date.parse(text.replace(' ', 'T')) || 0
}

/** How long ago an instant is, as people say it. */
export function ago(epochMs: number, nowMs: number): string {
  if (epochMs === 0) return '–'
  const past = epochMs - nowMs
  for (const [unit, length] of steps) {
    if (Math.abs(past) >= length) {
      return new Intl.RelativeTimeFormat(locale.value, { numeric: 'auto' }).format(Math.round(past / length), unit)
    }
  }
  return say('just_now')
}

/** Date and time of day in the current language. */
export function moment(epochMs: number): string {
  if (epochMs === 0) return '–'
  return new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', timeStyle: 'short' }).format(epochMs)
}

/** Time of day to the second, for lines of a log. */
export function clock(epochMs: number): string {
  return new Intl.DateTimeFormat(locale.value, { timeStyle: 'medium', hourCycle: 'h23' }).format(epochMs)
}

/** A span as 0:42 or 1:05:00. */
export function span(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / second))
  const two = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

/** A number in the current language's form. */
export function figure(value: number, digits = 2): string {
  return new Intl.NumberFormat(locale.value, { maximumFractionDigits: digits }).format(value)
}

/** Milli-cores as cores. */
export function cores(milli: number): string {
  return say('vcpu', { count: figure(milli / 1000) })
}

/** Mebibytes as MiB or GiB. */
export function mebibytes(mib: number): string {
  return mib >= 1024 ? `${figure(mib / 1024, 1)} GiB` : `${figure(mib)} MiB`
}
