import type { Json } from './canonical.ts'
import type { RenderedFile } from './config-file.ts'
import type { Scope } from './placeholder.ts'
import type { Service, TemplateVersion } from './template.ts'
import { logFiles, logSize, portMax } from './bounds.ts'
import { splitCommand, textAt } from './custom.ts'
import { imageReference } from './images.ts'
import { fill, fillValue, RenderError } from './placeholder.ts'

type Members = { [key: string]: Json }

export type ComposeParts = {
  version: TemplateVersion
  scope: Scope
  answers: Readonly<Record<string, unknown>>
  files: readonly RenderedFile[]
  /** Plain variables that every service gets beside its own. */
  variables: Readonly<Record<string, string>>
  labels: Readonly<Record<string, string>>
  cpuMilli: number
  memoryMib: number
}

/**
 * Builds the compose document as a typed object: our hardening and limits for every service, and of
 * the template only what its schema can say. No ports, networks or host paths (reliability.md 1.4).
 * @throws RenderError when something is missing or wrong
 */
export function composeDocument(parts: ComposeParts): Members {
  const { version } = parts
  const shares = version.services.map((service) => service.share)
  const cpus = split(parts.cpuMilli, shares)
  const memory = split(parts.memoryMib, shares)
  const services: Members = {}
  version.services.forEach((service, index) => {
    services[service.key] = composeService(parts, service, cpus[index] ?? 0, memory[index] ?? 0)
  })
  const volumes: Members = Object.fromEntries(version.volumes.map((volume) => [volume.name, {}]))
  return version.volumes.length === 0 ? { services } : { services, volumes }
}

function composeService(parts: ComposeParts, service: Service, cpuMilli: number, memoryMib: number): Members {
  const { version, scope } = parts
  if (cpuMilli < 1 || memoryMib < 1) throw new RenderError(service.key, 'its share of the size is nothing')
  const { runtime } = version
  const document: Members = {
    image: imageOf(parts, service),
    user: userOf(runtime.user, scope),
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    pids_limit: version.resources.pids,
    mem_limit: `${memoryMib}m`,
    // The same value forbids swap, so that memory sold is memory used.
    memswap_limit: `${memoryMib}m`,
    cpus: cpuMilli / 1000,
    restart: 'unless-stopped',
    read_only: runtime.read_only,
    stop_grace_period: `${runtime.stop_grace_s}s`,
    logging: { driver: 'json-file', options: { 'max-size': logSize, 'max-file': logFiles } },
    labels: { ...parts.labels },
  }
  const command = commandOf(parts, service)
  const volumes = mounts(parts, service)
  if (command.length > 0) document['command'] = command.map(doubled)
  if (service.entrypoint.length > 0)
    document['entrypoint'] = service.entrypoint.map((word) => doubled(fill(word, scope)))
  if (service.working_dir !== '') document['working_dir'] = service.working_dir
  if (service.init) document['init'] = true
  if (service.depends_on.length > 0) document['depends_on'] = [...service.depends_on]
  if (runtime.tmpfs.length > 0) document['tmpfs'] = [...runtime.tmpfs]
  if (volumes.length > 0) document['volumes'] = volumes
  document['environment'] = environmentOf(parts, service)
  const health = version.health.service === service.key ? healthcheck(version, scope) : null
  if (health !== null) document['healthcheck'] = health
  return document
}

/** Splits a whole number by per cent; what rounding leaves over goes to the first, so the sum is exact. */
function split(total: number, shares: readonly number[]): number[] {
  const parts = shares.map((share) => Math.floor((total * share) / 100))
  const rest = total - parts.reduce((sum, part) => sum + part, 0)
  return parts.map((part, index) => (index === 0 ? part + rest : part))
}

function imageOf({ version, answers }: ComposeParts, service: Service): string {
  const image = version.images.find((entry) => entry.service === service.key)
  if (image === undefined) {
    const reference = textAt(version.image_from, answers)
    if (!imageReference.test(reference))
      throw new RenderError(`${service.key}.image`, 'it is not fixed by a digest')
    return reference
  }
  if (image.digest === '')
    throw new RenderError(`${service.key}.image`, `${image.repository}:${image.tag} has no digest`)
  return `${image.repository}:${image.tag}@${image.digest}`
}

function userOf(text: string, scope: Scope): string {
  const user = fill(text, scope)
  if (!/^[1-9]\d{0,4}:[1-9]\d{0,4}$/.test(user))
    throw new RenderError('runtime.user', 'it must be uid:gid and not root')
  return user
}

function commandOf({ version, answers, scope }: ComposeParts, service: Service): string[] {
  const own = version.images.every((image) => image.service !== service.key)
    ? textAt(version.command_from, answers)
    : ''
  if (own === '') return service.command.map((word) => fill(word, scope))
  const words = splitCommand(own)
  if (words === null) throw new RenderError(version.command_from, 'it cannot be split into words')
  return words
}

function environmentOf({ variables, scope }: ComposeParts, service: Service): Members {
  const environment: Members = {}
  const own = Object.entries(service.environment).map(([key, text]) => [key, fill(text, scope)] as const)
  for (const [key, value] of [...Object.entries(variables), ...own]) {
    if (value === '') continue
    // Coolify reads a value that begins with $ as a reference of its own and replaces it.
    if (value.startsWith('$')) throw new RenderError(`environment.${key}`, 'a value must not begin with $')
    environment[key] = doubled(value)
  }
  return environment
}

/** Compose replaces `$NAME` in every text of the document; `$$` is its way to write one `$`. */
function doubled(text: string): string {
  return text.replace(/\$/g, '$$$$')
}

function mounts({ version, files }: ComposeParts, service: Service): Json[] {
  const volumes = version.volumes
    .filter((volume) => volume.service === service.key)
    .map((volume) => ({ type: 'volume', source: volume.name, target: volume.mount }))
  // `content` is Coolify's own key: it writes the file and compose never reads it, so no $ is doubled.
  const binds = files
    .filter((file) => file.service === service.key)
    .map(({ source, target, content }) => ({ type: 'bind', source, target, content, read_only: true }))
  return [...volumes, ...binds]
}

/** Null when nothing can be asked. Always an argument array: no shell ever reads a part of it. */
function healthcheck({ health }: TemplateVersion, scope: Scope): Members | null {
  const test = healthTest(health, scope)
  if (test === null) return null
  return {
    test: test.map(doubled),
    interval: `${health.interval_s}s`,
    timeout: `${health.timeout_s}s`,
    retries: health.retries,
    start_period: `${health.start_period_s}s`,
  }
}

function healthTest(health: TemplateVersion['health'], scope: Scope): string[] | null {
  if (health.kind === 'none') return null
  if (health.kind === 'exec') return ['CMD', ...health.command.map((word) => fill(word, scope))]
  const url = `http://127.0.0.1:${portOf(health.port, scope)}${fill(health.path, scope) || '/'}`
  switch (fill(health.probe, scope)) {
    case 'node':
      return ['CMD', 'node', '-e', nodeProbe(url, health.expect_json)]
    case 'wget':
      return ['CMD', 'wget', '-q', '-O', '/dev/null', url]
    case 'curl':
      return ['CMD', 'curl', '-fsS', '-o', '/dev/null', url]
    case 'none':
      return null
    default:
      throw new RenderError('health.probe', 'no such program')
  }
}

/** OpenClaw answers unknown paths with a page and 200, so only the JSON inside can prove health. */
function nodeProbe(url: string, expected: TemplateVersion['health']['expect_json']): string {
  const path =
    expected === null
      ? ''
      : expected.pointer
          .slice(1)
          .split('/')
          .map((key) => `?.[${JSON.stringify(key)}]`)
          .join('')
  const good =
    expected === null ? 'r.ok' : `r.ok&&(await r.json())${path}===${JSON.stringify(expected.value)}`
  return `fetch(${JSON.stringify(url)}).then(async r=>process.exit(${good}?0:1)).catch(()=>process.exit(1))`
}

/** A port that is a number or comes from an answer. @throws RenderError outside 1..65535 */
export function portOf(port: number | string, scope: Scope): number {
  const value = Number(typeof port === 'string' ? fillValue(port, scope) : port)
  if (!Number.isInteger(value) || value < 1 || value > portMax)
    throw new RenderError('port', 'it must be 1 to 65535')
  return value
}
