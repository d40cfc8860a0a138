import * as z from 'zod/mini'

/**
 * The answers of Coolify as far as we read them: loose and nullable, because its OpenAPI document leaves out
 * fields that exist and types others wrongly. Only what a decision hangs on is required.
 */

/** 24 characters of [a-z0-9] today, no RFC 4122 uuid; it becomes part of a path, so nothing else passes. */
const uuidPattern = /^[A-Za-z0-9_-]{1,64}$/
const uuid = z.string().check(z.regex(uuidPattern))
const id = z.nullish(z.number())
const text = z.nullish(z.string())

/** GET /services/{u}, and one entry of an environment or a server list. */
export const wireService = z.looseObject({
  id,
  uuid,
  name: text,
  status: text,
  applications: z.nullish(z.array(z.unknown())),
  databases: z.nullish(z.array(z.unknown())),
})
export type WireService = z.infer<typeof wireService>

/** GET /projects/{u}/{environment} */
export const wireEnvironment = z.looseObject({ services: z.array(wireService) })

/** POST /projects, POST /projects/{u}/environments */
export const wireMade = z.looseObject({ uuid })

/** A list; PHP writes one whose keys have gaps as an object. */
const domains = z.union([z.array(z.unknown()), z.looseObject({})])

/**
 * POST and PATCH /services. `domains` is required so that the answer of a GET, which a redirect turns a POST
 * into, is not taken for a success.
 */
export const wireWritten = z.looseObject({ uuid, domains: z.nullable(domains) })

/** Lifecycle calls and deletes answer with a sentence and nothing else. */
export const wireQueued = z.looseObject({ message: z.string() })

/** GET /services/{u}/envs and the answer of its bulk PATCH; `value` may be there and is never read. */
export const wireVariables = z.array(z.looseObject({ uuid, key: z.string() }))

/** GET /services/{u}/logs */
export const wireLogs = z.looseObject({ logs: z.nullable(z.string()) })

type Entry = Record<string, unknown>
type ListShape<T> = { safeParse(given: unknown): { success: true; data: T[] } | { success: false } }
type Row = { id: number | null; uuid: string; name: string | null }

/**
 * A long list, read by hand: in goja zod takes 0.2 ms for an entry, which is 2 s for 10,000 services.
 * @param read answers null for a malformed entry, which spoils the list (left out, a service would look
 *   lost), and undefined for one that is not ours
 */
function listOf<T>(read: (entry: Entry) => T | null | undefined): ListShape<T> {
  return {
    safeParse: (given) => {
      if (!Array.isArray(given)) return { success: false }
      const data: T[] = []
      for (const entry of given as unknown[]) {
        const found = typeof entry === 'object' && entry !== null ? read(entry as Entry) : null
        if (found === null) return { success: false }
        if (found !== undefined) data.push(found)
      }
      return { success: true, data }
    },
  }
}

const textOf = (given: unknown): string | null => (typeof given === 'string' ? given : null)

/** What every entry of a list has; null when its uuid is none. */
function rowOf({ id: number, uuid: key, name }: Entry): Row | null {
  if (typeof key !== 'string' || !uuidPattern.test(key)) return null
  return { id: typeof number === 'number' ? number : null, uuid: key, name: textOf(name) }
}

/** GET /projects */
export const wireProjects = listOf(rowOf)

/** GET /servers/{u}/resources: services only; applications and databases stand there, too. */
export const wireResources = listOf((entry): WireService | null | undefined => {
  if (typeof entry['type'] !== 'string') return null
  if (entry['type'] !== 'service') return undefined
  const row = rowOf(entry)
  return row === null ? null : { ...row, status: textOf(entry['status']) }
})
