/**
 * PocketBase keeps instants as text in UTC, `2026-11-24 16:05:00.000Z`; the rooms count epoch
 * milliseconds. Text of this form sorts like the instants it names, so SQL may compare it.
 */
export function dateText(ms: number): string {
  return ms === 0 ? '' : new Date(ms).toISOString().replace('T', ' ')
}

/** The other way round; an empty or unreadable text is 0 (never). */
export function epochMs(text: string): number {
  if (text === '') return 0
  const ms = Date.parse(text.replace(' ', 'T'))
  return Number.isNaN(ms) ? 0 : ms
}
