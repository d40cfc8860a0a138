/**
 * A refusal is one clear reason why an intent is not accepted: which field, a stable code, and the
 * values its sentence needs. Rooms return refusals as data; the door turns them into sentences in
 * the caller's language (see `sentences.ts`) and answers 400 with one entry per field.
 */
export type Refusal = {
  /** The field of the record or body, as the caller wrote it; a nested one as `answers.TZ`. */
  field: string
  /** A key of the text table in `sentences.ts`. */
  code: string
  /** What the sentence needs: a number, a name, a list already joined. */
  params?: Record<string, string | number>
}

export type Locale = 'de' | 'en'

/** A text in both languages of the product. */
export type Text = { de: string; en: string }

/**
 * Builds one refusal.
 * @example refuse('memory_mib', 'below_minimum', { min: 1024 })
 */
export function refuse(field: string, code: string, params?: Record<string, string | number>): Refusal {
  return params === undefined ? { field, code } : { field, code, params }
}
