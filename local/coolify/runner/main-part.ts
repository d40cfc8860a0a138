import type { Json } from '../records.ts'
import type { RunnerService } from '../runner.ts'

/** When Docker starts a container again that ended by itself. */
export type RestartPolicy = 'no' | 'on-failure' | 'always'

type Members = { [key: string]: Json }

/** The definition of the service with the public address, or of the first one: the process stands for it. */
function mainService({ document, urls }: RunnerService): Members {
  const services = (document['services'] ?? {}) as { [key: string]: Members }
  return services[urls[0]?.service ?? ''] ?? Object.values(services)[0] ?? {}
}

/** Its variables; `$$` is compose's way to write `$`. */
export function environmentOf(service: RunnerService): { [name: string]: string } {
  const given = mainService(service)['environment'] ?? {}
  const pairs = Array.isArray(given) ? given.map((line) => pair(String(line))) : Object.entries(given)
  const plain = (value: Json): string => (value === null ? '' : String(value).replaceAll('$$', '$'))
  return Object.fromEntries(pairs.map(([key, value]) => [key, plain(value)]))
}

/** `unless-stopped` is Coolify's default, and until somebody stops the container it is `always`. */
export function restartPolicyOf(service: RunnerService): RestartPolicy {
  const given = mainService(service)['restart']
  if (given === 'no' || given === false) return 'no'
  return String(given).startsWith('on-failure') ? 'on-failure' : 'always'
}

function pair(line: string): [string, string] {
  const at = line.indexOf('=')
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)]
}
