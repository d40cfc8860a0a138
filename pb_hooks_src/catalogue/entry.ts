import type { Refusal, Text } from '../tenancy/refusal.ts'
import type { Template } from './template.ts'
import { refuse } from '../tenancy/refusal.ts'

const summaryLengthMax = 200

/** Judges a catalogue entry beyond its shape: texts in both languages, and a licence that lets us sell it. */
export function checkTemplate(template: Template): Refusal[] {
  const refusals: Refusal[] = []
  const texts: [string, Text][] = [
    ['name', template.name],
    ['summary', template.summary],
    ['licence.note', template.licence.note],
    ...template.data_protection.data_categories.map((text, i): [string, Text] => [
      `data_protection.data_categories.${i}`,
      text,
    ]),
    ...template.data_protection.subprocessors.map((text, i): [string, Text] => [
      `data_protection.subprocessors.${i}`,
      text,
    ]),
  ]
  for (const [field, text] of texts) {
    if (text.de.trim() === '' || text.en.trim() === '') refusals.push(refuse(field, 'text_missing'))
  }
  if (Math.max(template.summary.de.length, template.summary.en.length) > summaryLengthMax) {
    refusals.push(refuse('summary', 'too_long', { max: summaryLengthMax }))
  }
  const sellable =
    template.licence.hosting === 'allowed' ||
    (template.licence.hosting === 'customer' && template.category === 'custom')
  if (!sellable && template.visibility !== 'draft')
    refusals.push(refuse('licence.hosting', 'licence_not_allowed'))
  return refusals
}
