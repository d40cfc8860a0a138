import type { Spec } from '../../fleet/store.ts'
import { render } from '../../catalogue/render.ts'
import { openSecrets } from './secrets.ts'
import { platformValues } from './env.ts'
import { versionSpec } from './versions.ts'

export type SpecInput = {
  id: string; tenant: string; slug: string; host: string; url: string; version: string
  cpu: number; memory: number; disk: number; answers: { [key: string]: unknown }
}
export type SpecTrouble = { code: 'template_broken' | 'secret_unreadable'; message: string }

/** Renders what a bot should be on the platform; what keeps it from being made is said without secrets. */
export function renderSpec(app: PbApp, bot: SpecInput): { spec: Spec | null; trouble: SpecTrouble | null } {
  const version = versionSpec(app, bot.version)
  if (version === null) return { spec: null, trouble: { code: 'template_broken', message: 'the template version is not there any more' } }
  const secrets = openSecrets(app, bot.tenant, bot.id)
  if (secrets.unreadable.length > 0) {
    return { spec: null, trouble: { code: 'secret_unreadable', message: `cannot decrypt: ${secrets.unreadable.join(', ')}` } }
  }
  try {
    const rendered = render({
      version,
      bot: {
        id: bot.id, tenant: bot.tenant, slug: bot.slug, host: bot.host, url: bot.url,
        cpuMilli: bot.cpu, memoryMib: bot.memory, diskMib: bot.disk,
      },
      answers: bot.answers as { [key: string]: string | number | boolean },
      secrets: secrets.values, secretPrints: secrets.prints,
      platform: { ...platformValues(), timezone: 'Europe/Berlin', locale: 'de' },
    }, (text) => $security.sha256(text))
    return { spec: { compose: rendered.compose, variables: rendered.variables, urls: rendered.urls, hash: rendered.hash }, trouble: null }
  } catch (error) {
    return { spec: null, trouble: { code: 'template_broken', message: String((error as { message?: string }).message ?? error).slice(0, 300) } }
  }
}

/** The compose key of the service whose log a customer reads. */
export function logServiceOf(app: PbApp, version: string): string {
  const spec = versionSpec(app, version)
  return spec?.endpoints.find((endpoint) => endpoint.primary)?.service ?? spec?.services[0]?.key ?? 'bot'
}
