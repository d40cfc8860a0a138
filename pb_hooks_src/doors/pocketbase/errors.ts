import type { Locale, Refusal } from '../../tenancy/refusal.ts'
import { headline, sentence } from '../../fleet/sentences.ts'

/**
 * The one place where refusals become an answer: PocketBase's own form, one entry per field, the first
 * refusal of a field wins.
 */
export function refusalError(refusals: readonly Refusal[], locale: Locale, status = 400): unknown {
  const fields: { [field: string]: unknown } = {}
  for (const refusal of refusals) {
    if (fields[refusal.field] === undefined) fields[refusal.field] = new ValidationError(refusal.code, sentence(refusal, locale))
  }
  const first = refusals[0]
  const message = refusals.length === 1 && first !== undefined ? sentence(first, locale) : headline(locale)
  return status === 400 ? new BadRequestError(message, fields) : new ApiError(status, message, fields)
}
