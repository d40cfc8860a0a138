import type { Answer } from './answer.ts'
import type { Inside } from './inside.ts'
import type { ServiceRow } from './records.ts'
import { invalid, json } from './answer.ts'

type Url = { name: string; url: string | null }

/** Characters that Coolify refuses because they would reach a shell. */
const forbidden = /[`$;&|<>()\\\s]/
const http = /^https?:\/\/[^/:?#]+(:\d{1,5})?(\/[^?#]*)?$/i

const split = (url: string | null): string[] =>
  (url ?? '').split(',').map((part) => part.trim()).filter((part) => part !== '')

/**
 * Reads and applies the `urls` of a create or update. Without a transaction: whatever was stored before stays.
 * @returns Coolify's 422 (a bare list of errors) or 409 (domain taken), or null when they are applied
 */
export function applyUrls(inside: Inside, row: ServiceRow, given: unknown, force: boolean): Answer | null {
  const urls = readUrls(row, given)
  if (!Array.isArray(urls)) return urls
  const conflicts = force ? [] : conflictsOf(inside, row, urls)
  if (conflicts.length > 0) return json(409, {
    message: 'Domain conflicts detected. Use force_domain_override=true to proceed.', conflicts,
    warning: 'Using the same domain for multiple resources can cause routing conflicts.',
  })
  for (const { name, url } of urls) {
    const application = row.applications.find((candidate) => candidate.name === name)
    if (application !== undefined) application.fqdn = split(url).join(',') || null
  }
  inside.tables.revision++
  return null
}

function readUrls(row: ServiceRow, given: unknown): Url[] | Answer {
  if (!Array.isArray(given)) return invalid({ urls: 'The urls field must be an array.' })
  const errors: string[] = []
  const seen = new Set<string>()
  for (const entry of given as unknown[]) {
    const { name, url, ...more } = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<string, unknown>
    if (Object.keys(more).length > 0 || typeof name !== 'string' || !(url === null || typeof url === 'string')) {
      errors.push('Each entry of urls must have a name and a url.')
      continue
    }
    if (!row.applications.some((application) => application.name === name))
      errors.push(`Service container with ${name} not found.`)
    for (const part of split(url)) {
      if (forbidden.test(part) || !http.test(part)) errors.push(`Invalid URL: ${part}`)
      if (seen.has(part)) errors.push(`The current request contains conflicting URLs: ${part}`)
      seen.add(part)
    }
  }
  return errors.length > 0 ? invalid(errors) : (given as Url[])
}

/** Whole texts are compared, with scheme and port: `https://a:8080` and `https://a:9090` do not conflict. */
function conflictsOf(inside: Inside, row: ServiceRow, urls: Url[]): object[] {
  const wanted = new Set(urls.flatMap(({ url }) => split(url)))
  const conflicts: object[] = []
  for (const other of inside.tables.services.values()) {
    if (other === row) continue
    for (const { uuid, name, fqdn } of other.applications) {
      for (const domain of split(fqdn).filter((part) => wanted.has(part))) conflicts.push({
        domain, resource_name: name, resource_uuid: uuid, resource_type: 'service', service_name: other.name,
        message: `Domain ${domain} is already in use by service '${other.name}'`,
      })
    }
  }
  return conflicts
}
