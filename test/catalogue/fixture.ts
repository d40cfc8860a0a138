import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { RenderInput } from '../../pb_hooks_src/catalogue/render.ts'
import type { TemplateVersion } from '../../pb_hooks_src/catalogue/template.ts'
import { pinned, unpinnedImages } from '../../pb_hooks_src/catalogue/images.ts'
import { parseVersion } from '../../pb_hooks_src/catalogue/template.ts'
import { readCatalogue } from '../../templates/read.mjs'

export const folder = fileURLToPath(new URL('../../templates', import.meta.url))
export const catalogue = readCatalogue(folder)
export const slugs = ['custom-image', 'echo', 'openclaw', 'openclaw-lts']
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
export const customImage = `registry.example.de/firma/bot:1.4@sha256:${'ab'.repeat(32)}`

/** The raw JSON of a version, for changing before it is read. */
export function rawVersion(slug: string): Record<string, unknown> {
  const entry = catalogue.find((template) => template.slug === slug)
  return structuredClone(entry?.versions[0]) as Record<string, unknown>
}

/** A version as it is stored, with a digest for every image. */
export function versionOf(slug: string, change: (raw: any) => void = () => {}): TemplateVersion {
  const raw = rawVersion(slug)
  change(raw)
  const { version, refusals } = parseVersion(raw)
  if (version === null) throw new Error(JSON.stringify(refusals))
  return pinned(
    version,
    Object.fromEntries(unpinnedImages(version).map((image) => [image, `sha256:${sha256(image)}`])),
  )
}

/** Two services that share a bot, for limits. */
export function pairVersion(share: number): TemplateVersion {
  return versionOf('echo', (raw) => {
    raw.services[0].share = share
    raw.services.push({ key: 'cache', share: 100 - share })
    raw.images.push({
      service: 'cache',
      repository: 'registry.example.de/cache',
      tag: '7.2',
      digest: `sha256:${'cd'.repeat(32)}`,
    })
  })
}

/** A complete input for the echo template; `change` overwrites parts. */
export function inputFor(version: TemplateVersion, change: Partial<RenderInput> = {}): RenderInput {
  const answers: RenderInput['answers'] =
    change.answers ??
    Object.fromEntries(
      version.questions.flatMap(({ key, default: value }): [string, string | number | boolean][] =>
        value === null ? [] : [[key, value]],
      ),
    )
  const generated = version.questions
    .filter((question) => question.kind === 'generated')
    .map((question) => [question.key, 'f'.repeat(64)])
  const secrets: Record<string, string> = { ...Object.fromEntries(generated), ...change.secrets }
  return {
    version,
    bot: {
      id: 'bot000000000001',
      tenant: 'tenant000000001',
      slug: 'anna',
      host: 'anna.bots.example.de',
      url: 'https://anna.bots.example.de',
      cpuMilli: 1000,
      memoryMib: 2048,
      diskMib: 4096,
    },
    platform: {
      llm_base_url: 'https://llm.example.de/v1',
      llm_key: 'key-of-the-router',
      llm_model: 'standard',
      timezone: 'Europe/Berlin',
      locale: 'de',
    },
    secretPrints: Object.fromEntries(
      Object.entries(secrets).map(([key, value]) => [key, sha256(`print ${value}`)]),
    ),
    ...change,
    answers,
    secrets,
  }
}

type Composed = {
  image: string
  environment: Record<string, string>
  volumes?: { type: string; source: string; target: string; content?: string }[]
  [key: string]: unknown
}
export function servicesOf(compose: string): Record<string, Composed> {
  return (JSON.parse(compose) as { services: Record<string, Composed> }).services
}
