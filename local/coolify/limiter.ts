import { json } from './answer.ts'
import type { Answer } from './answer.ts'

const windowMs = 60_000

/** Laravel's limiter: a window opens with the first request of a user and everything in it counts. */
export class Limiter {
  readonly #max: number
  readonly #windows = new Map<string, { from: number; hits: number }>()

  /** @param max requests per minute and user */
  constructor(max: number) {
    this.#max = max
  }

  /** Counts one request. `refused` is Coolify's 429 or null; `headers` belong on every answer. */
  hit(user: string, at: number): { refused: Answer | null; headers: Record<string, string> } {
    let window = this.#windows.get(user)
    if (window === undefined || at - window.from >= windowMs) this.#windows.set(user, window = { from: at, hits: 0 })
    const headers: Record<string, string> = { 'x-ratelimit-limit': String(this.#max) }
    if (window.hits >= this.#max) {
      const seconds = Math.ceil((window.from + windowMs - at) / 1000)
      headers['x-ratelimit-remaining'] = '0'
      headers['retry-after'] = String(seconds)
      headers['x-ratelimit-reset'] = String(Math.ceil(at / 1000) + seconds)
      return { refused: json(429, { message: 'Too Many Attempts.' }, headers), headers }
    }
    window.hits++
    headers['x-ratelimit-remaining'] = String(this.#max - window.hits)
    return { refused: null, headers }
  }
}
