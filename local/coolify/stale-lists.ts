import type { Answer } from './answer.ts'
import { statusList } from './faults.ts'

const keptMs = 60_000
const keptMax = 30

/** Earlier answers to status lists, as a cache or a lagging reader in between would give them again. */
export class StaleLists {
  readonly #answers = new Map<string, { at: number; answer: Answer }[]>()

  keep(path: string, answer: Answer, at: number): void {
    if (answer.status !== 200 || !statusList.test(path)) return
    const kept = this.#answers.get(path)
    if (kept === undefined) {
      this.#answers.set(path, [{ at, answer }])
      return
    }
    kept.push({ at, answer })
    while (kept.length > keptMax || at - (kept[0]?.at ?? at) > keptMs) kept.shift()
  }

  /** The oldest answer of the last minute; null when there is none. */
  oldest(path: string, at: number): Answer | null {
    return (this.#answers.get(path) ?? []).find((entry) => at - entry.at <= keptMs)?.answer ?? null
  }
}
