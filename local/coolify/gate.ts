import type { Answer, Exchange } from './answer.ts'
import type { Ability } from './inside.ts'
import type { Limiter } from './limiter.ts'
import { json, said } from './answer.ts'

/** As in Coolify: `root` and `*` pass everything, `write` does not imply `read`. */
export type Token = { token: string; abilities: string[] }

type Passed = { refused: Answer | null; headers: Record<string, string>; sees: boolean }

/** Coolify's middleware in its order: token, rate, switch of the API, ability. */
export class Gate {
  readonly #tokens = new Map<string, string[]>()
  readonly #limiter: Limiter
  apiEnabled: boolean

  constructor(parts: { tokens: Token[]; limiter: Limiter; apiEnabled: boolean }) {
    for (const token of parts.tokens) this.grant(token)
    this.#limiter = parts.limiter
    this.apiEnabled = parts.apiEnabled
  }

  grant({ token, abilities }: Token): void {
    this.#tokens.set(token, abilities)
  }

  /** The token is deleted or expired: both are a plain 401. */
  revoke(token: string): void {
    this.#tokens.delete(token)
  }

  pass({ headers }: Exchange, needed: Ability, at: number): Passed {
    const token = /^Bearer (.+)$/i.exec(headers['authorization'] ?? '')?.[1] ?? ''
    const abilities = this.#tokens.get(token)
    if (abilities === undefined) return { refused: said(401, 'Unauthenticated.'), headers: {}, sees: false }
    // All tokens of one Coolify user share the rate; here they all belong to one.
    const limited = this.#limiter.hit('owner', at)
    const may = (ability: string): boolean => abilities.some((own) => own === ability || own === 'root' || own === '*')
    const refused = limited.refused
      ?? (this.apiEnabled ? null : json(403, { success: true, message: 'API is disabled.' }))
      ?? (may(needed) ? null : said(403, `Missing required permissions: ${needed}`))
    return { refused, headers: limited.headers, sees: may('read:sensitive') }
  }
}
