import { parse, stringify } from 'yaml'
import type { ComposeDocument, FileMount, Json, VolumeMount } from './records.ts'

type Members = { [key: string]: Json }

/** What Coolify's parser takes out of a compose document. */
export type Parsed = {
  document: ComposeDocument
  services: { name: string; image: string; excluded: boolean }[]
  files: FileMount[]
  volumes: VolumeMount[]
  /** Variables that the document refers to; Coolify makes a row for each that is not there. */
  references: { key: string; fallback: string | null }[]
}

/**
 * The text behind canonical base64: encoding it again must give the same characters, so line breaks and
 * missing padding are refused (ServicesController::create_service). Null when it is not canonical.
 */
export function decoded(base64: string): string | null {
  const bytes = Buffer.from(base64, 'base64')
  if (base64 === '' || bytes.toString('base64') !== base64) return null
  const text = bytes.toString('utf8')
  return Buffer.from(text, 'utf8').equals(bytes) ? text : null
}

/** JSON is YAML, and reading it as JSON is far quicker. @throws Error when it is neither */
export function readDocument(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return parse(text) as Json
  }
}

/** Documents are replaced and never changed, and writing one costs more than a whole request. */
const written = new WeakMap<ComposeDocument, string>()

/** The document as YAML, as Coolify dumps it again: comments and the order of ours are lost. */
export function writeDocument(document: ComposeDocument): string {
  const known = written.get(document) ?? stringify(document, { lineWidth: 0 })
  written.set(document, known)
  return known
}

/** Null when there is no map of services. */
export function servicesOf(document: Json): { [name: string]: Members } | null {
  if (!isMembers(document) || !isMembers(document['services'] ?? null)) return null
  const services = document['services'] as Members
  const all = Object.keys(services)
  return all.length > 0 && all.every((name) => isMembers(services[name] ?? null))
    ? (services as { [name: string]: Members }) : null
}

/**
 * Reads volumes, files and references, and takes out the keys that only Coolify knows (`content`,
 * `exclude_from_hc`), as parsers.php does before it stores the document.
 * @throws Error when a service is not a map with an image
 */
export function parsed(given: Json, uuid: string): Parsed {
  const services = servicesOf(given)
  if (services === null) throw new Error('there are no services')
  const found: Parsed = { document: {}, services: [], files: [], volumes: [], references: [] }
  const kept: Members = {}
  for (const [name, service] of Object.entries(services)) {
    const { exclude_from_hc: excluded, ...rest } = service
    if (typeof rest['image'] !== 'string' && rest['build'] === undefined) throw new Error(`${name} has no image`)
    const restart = rest['restart']
    found.services.push({
      name, image: String(rest['image'] ?? ''), excluded: excluded === true || restart === 'no' || restart === false,
    })
    if (Array.isArray(rest['volumes'])) rest['volumes'] = rest['volumes'].map((entry) => mount(entry, name, uuid, found))
    for (const [, value] of variablesOf(rest['environment'] ?? null)) refer(value, found)
    kept[name] = rest
  }
  found.document = { ...(given as Members), services: kept }
  return found
}

/** `environment` as a map or as a list of `KEY=value`. */
export function variablesOf(environment: Json): [string, string][] {
  if (Array.isArray(environment)) {
    return environment.map(String).map((line) => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)])
  }
  if (!isMembers(environment)) return []
  return Object.entries(environment).map(([key, value]) => [key, value === null ? '' : String(value)])
}

/** Coolify takes a value that begins with one `$` for a reference of its own; `$$` is none. */
function refer(value: string, found: Parsed): void {
  const match = /^\$(?:\{([A-Za-z_]\w*)(?::?-([^}]*))?\}|([A-Za-z_]\w*))$/.exec(value)
  const key = match?.[1] ?? match?.[3]
  if (key !== undefined) found.references.push({ key, fallback: match?.[2] ?? null })
}

function mount(entry: Json, service: string, uuid: string, found: Parsed): Json {
  const { type, source, target, content, rest } = mountParts(entry)
  if (type === 'volume') {
    found.volumes.push({ name: `${uuid}_${slug(source)}`, service, target })
  } else if (type === 'bind' && content !== null) {
    found.files.push({ service, source, target, content })
  }
  return rest
}

function mountParts(entry: Json): { type: string; source: string; target: string; content: string | null; rest: Json } {
  if (isMembers(entry)) {
    const { content, ...rest } = entry
    const text = (key: string): string => (typeof rest[key] === 'string' ? (rest[key] as string) : '')
    const known = typeof content === 'string' ? content : null
    return { type: text('type') || 'volume', source: text('source'), target: text('target'), content: known, rest }
  }
  const [source = '', target = ''] = String(entry).split(':')
  return { type: /^[./~]/.test(source) ? 'bind' : 'volume', source, target, content: null, rest: entry }
}

const slug = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')

function isMembers(value: Json): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
