import * as z from 'zod/mini'

/**
 * The answers of Coolify as far as we read them: loose and nullable, because its OpenAPI document leaves out
 * fields that exist and types others wrongly. Only what a decision hangs on is required.
 */

/** 24 characters of [a-z0-9] today, no RFC 4122 uuid; it becomes part of a path, so nothing else passes. */
const uuid = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/))
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

/** GET /projects */
export const wireProjects = z.array(z.looseObject({ id, uuid, name: text }))

/** GET /projects/{u}/{environment} */
export const wireEnvironment = z.looseObject({ services: z.array(wireService) })

/** One entry of GET /servers/{u}/resources that is not ours to read further: an application, a database. */
export const wireResource = z.looseObject({ type: z.string() })
export const wireResources = z.array(wireResource)

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
