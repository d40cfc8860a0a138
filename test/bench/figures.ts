/** The value below which the share `part` of all values lies. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN
}

export const ms = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(1)} ms`
export const times = (value: number): string => `${value.toFixed(2)}x`

/** One line of the results: what was measured, the figures, the target, and whether it is met. */
export type Row = { what: string; figures: string; target: string; met: boolean }

/** Milliseconds that one awaited call takes. */
export async function timed(call: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await call()
  return performance.now() - started
}
