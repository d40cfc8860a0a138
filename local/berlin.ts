const clock = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Berlin', hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit',
  hour: '2-digit', minute: '2-digit', second: '2-digit',
})

/** What clocks in Berlin show at an instant, as if that were UTC (epoch milliseconds). */
function shown(ms: number): number {
  const part = Object.fromEntries(clock.formatToParts(ms).map(({ type, value }) => [type, Number(value)]))
  return Date.UTC(part['year'] ?? 0, (part['month'] ?? 1) - 1, part['day'] ?? 1, part['hour'] ?? 0, part['minute'] ?? 0, part['second'] ?? 0)
}

/**
 * Midnight in Berlin at the beginning of the day of `ms`, some months later; a day that the month lacks
 * becomes its last one.
 * @returns epoch milliseconds
 */
export function berlinMidnight(ms: number, monthsLater: number): number {
  const day = new Date(shown(ms))
  const daysInMonth = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + monthsLater + 1, 0)).getUTCDate()
  const wanted = Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + monthsLater, Math.min(day.getUTCDate(), daysInMonth))
  // The clock change is at night but never at midnight, so the offset right there is the one to take off.
  const guess = wanted - (shown(wanted) - wanted)
  return wanted - (shown(guess) - guess)
}
