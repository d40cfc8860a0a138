import { signal } from '@preact/signals'
import type { Text } from '../../pb_hooks_src/tenancy/refusal.ts'

type Reasons = Record<string, { text: Text; next: Text }>

const reasons = signal<Reasons | null>(null)
let asked = false

/**
 * What a reason code means and what happens next; undefined for a code without sentences, and until the
 * table, which is a chunk of its own, has come. Whoever reads it while rendering renders again then.
 */
export function whyOf(code: string): { text: Text; next: Text } | undefined {
  if (!asked) {
    asked = true
    import('../../pb_hooks_src/fleet/reasons.ts').then(({ REASONS }) => { reasons.value = REASONS }, () => { asked = false })
  }
  return reasons.value?.[code]
}
