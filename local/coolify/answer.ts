/** One HTTP request as the stand-in reads it; names of headers in lower case. */
export type Exchange = {
  method: string
  path: string
  query: Record<string, string>
  headers: Record<string, string>
  body: string
}

/** One whole HTTP answer. */
export type Answer = { status: number; headers: Record<string, string>; text: string }

/** @param target path and query as they stand in the request line */
export function exchangeOf(
  method: string, target: string, headers: Record<string, string>, body: string,
): Exchange {
  const [path = '/', search = ''] = target.split('?', 2)
  const lower: Record<string, string> = {}
  for (const name in headers) lower[name.toLowerCase()] = headers[name] ?? ''
  const query = search === '' ? {} : Object.fromEntries(new URLSearchParams(search))
  return { method, path, query, headers: lower, body }
}

/** Path and query again as one text. */
export function targetOf({ path, query }: Exchange): string {
  for (const _ in query) return `${path}?${new URLSearchParams(query).toString()}`
  return path
}

const jsonType = { 'content-type': 'application/json' }

/** @example json(404, { message: 'Service not found.' }) */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return { status, headers: { ...jsonType, ...headers }, text: JSON.stringify(body) }
}

export function text(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/html; charset=UTF-8' }, text: body }
}

/** Coolify's usual error: one sentence. */
export const said = (status: number, message: string): Answer => json(status, { message })

/**
 * Coolify's 422: `errors` is a map of field to text or texts, or - for URLs - a bare list.
 */
export function invalid(errors: Record<string, string | string[]> | string[]): Answer {
  return json(422, { message: 'Validation failed.', errors })
}

export const isAnswer = (given: unknown): given is Answer =>
  typeof given === 'object' && given !== null && 'status' in given && 'text' in given && 'headers' in given

type Body = Record<string, unknown>

/**
 * The body of a POST or PATCH as an object with known fields only, or Coolify's answer why not: the three 400
 * of its validateIncomingRequest, and 422 for every field that is not on the list.
 */
export function bodyOf(exchange: Exchange, fields: readonly string[]): Body | Answer {
  const refused = (error: string): Answer => json(400, { message: 'Invalid request.', error })
  const type = exchange.headers['content-type'] ?? ''
  if (!/^application\/json\b/i.test(type)) return refused('Content-Type must be application/json.')
  let given: unknown
  try {
    given = JSON.parse(exchange.body === '' ? '{}' : exchange.body)
  } catch {
    return refused('Invalid JSON.')
  }
  if (typeof given !== 'object' || given === null) return refused('Invalid JSON.')
  if (Object.keys(given).length === 0) return refused('Empty JSON.')
  const unknown = Object.keys(given).filter((field) => !fields.includes(field))
  if (unknown.length === 0) return given as Body
  return invalid(Object.fromEntries(unknown.map((field) => [field, ['This field is not allowed.']])))
}
