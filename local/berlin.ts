const clock = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Berlin', hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit',
  hour: '2-digit', minute: '2-digit', second: '2-digit',
})

/** What clocks in Berlin show at an instant, as if that were UTC (epoch milliseconds). */
function shown(ms: number): number {
  const parts = clock.formatToParts(ms).map(({ type, value }) => [type, Number(value)])
  const part: { [name: string]: number } = Object.fromEntries(parts)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/**
 * Midnight in Berlin at the beginning of the day of `ms`, some months later; a day that the month lacks
 * becomes its last one.
 * @returns epoch milliseconds
 */
export function berlinMidnight(ms: number, monthsLater: number): number {
  const day = new Date(shown(ms))
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth() + monthsLater]
  const daysInMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  const wanted = Date.UTC(year, month, Math.min(day.getUTCDate(), daysInMonth))
  // The clock change is at night but never at midnight, so the offset right there is the one to take off.
  const guess = wanted - (shown(wanted) - wanted)
  return wanted - (shown(guess) - guess)
}
