/**
 * The transport that the Coolify client needs. `doors/pocketbase/http.ts` implements it with
 * `$http.send`; tests and the simulation implement it over the stand-in's class directly.
 */
export type HttpRequest = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Absolute URL. */
  url: string
  headers: Record<string, string>
  /** Empty for none. */
  body: string
  timeoutSeconds: number
}

/**
 * `answer`: a whole answer was read (`text` is complete as far as can be known).
 * `cut`: a status came but the body is shorter than Content-Length says: outcome unknown.
 * `unreachable`: refused or unresolvable before anything was sent: certainly no effect.
 * `lost`: sent, no answer (time-out, reset): outcome unknown.
 */
export type HttpReply =
  | { kind: 'answer'; status: number; headers: Record<string, string>; text: string }
  | { kind: 'cut'; status: number }
  | { kind: 'unreachable'; message: string }
  | { kind: 'lost'; message: string }

export type Http = (request: HttpRequest) => HttpReply
