import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import type { RenderInput } from '../../pb_hooks_src/catalogue/render.ts'
import { canonicalJson } from '../../pb_hooks_src/catalogue/canonical.ts'
import { RenderError } from '../../pb_hooks_src/catalogue/placeholder.ts'
import { render } from '../../pb_hooks_src/catalogue/render.ts'
import { customImage, inputFor, pairVersion, servicesOf, sha256, slugs, versionOf } from './fixture.ts'

const echo = versionOf('echo')
const openclaw = versionOf('openclaw')
const custom = versionOf('custom-image')
const customAnswers = {
  IMAGE: customImage,
  PORT: 3000,
  RUN_AS: '1000:1000',
  HEALTH_TOOL: 'none',
  HEALTH_PATH: '/',
}
const ready = (slug: string): RenderInput =>
  inputFor(versionOf(slug), slug === 'custom-image' ? { answers: customAnswers } : {})
const safeText = fc
  .stringMatching(/^[A-Za-z][A-Za-z0-9 $"\\<>&;`{}'-]{0,40}$/)
  .filter((text) => text.trim() === text)

describe('every service is hardened', () => {
  it.each(slugs)('%s', (slug) => {
    const rendered = render(ready(slug), sha256)
    for (const service of Object.values(servicesOf(rendered.compose))) {
      expect(service).toMatchObject({
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        restart: 'unless-stopped',
        cpus: 1,
        mem_limit: '2048m',
        memswap_limit: '2048m',
        logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
      })
      expect(service['pids_limit']).toBeGreaterThan(0)
      expect(service['user']).toMatch(/^[1-9]\d*:[1-9]\d*$/)
      expect(service.image).toMatch(/@sha256:[a-f0-9]{64}$/)
      for (const key of [
        'ports',
        'networks',
        'network_mode',
        'privileged',
        'cap_add',
        'env_file',
        'container_name',
      ]) {
        expect(service).not.toHaveProperty(key)
      }
      for (const volume of service.volumes ?? [])
        expect(volume.source).toMatch(/^(\.\/[a-z0-9.-]+|[a-z0-9-]+)$/)
      expect(service['labels']).toMatchObject({
        'de.cloudfreedom.managed': 'true',
        'de.cloudfreedom.bot': 'bot000000000001',
        'de.cloudfreedom.tenant': 'tenant000000001',
        'de.cloudfreedom.template': slug,
        'de.cloudfreedom.version': '1',
      })
    }
  })
})

it('gives the same bytes for the same input, whatever the order of its keys', () => {
  fc.assert(
    fc.property(safeText, fc.integer({ min: 1, max: 5 }), (GREETING, REPEATS) => {
      const answers = { GREETING, REPEATS, TONE: 'formal', SHOUT: true }
      const turned = Object.fromEntries(Object.entries(answers).reverse())
      expect(render(inputFor(echo, { answers: turned }), sha256)).toEqual(
        render(inputFor(echo, { answers }), sha256),
      )
    }),
  )
})

it('never writes a secret into the compose document, the addresses or the hash', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[A-Za-z0-9._-]{12,60}$/),
      fc.stringMatching(/^[A-Za-z0-9]{12,40}$/),
      (token, llmKey) => {
        const platform = { ...inputFor(openclaw).platform, llm_key: llmKey }
        for (const [version, key] of [
          [echo, 'API_KEY'],
          [openclaw, 'TELEGRAM_BOT_TOKEN'],
        ] as const) {
          const rendered = render(inputFor(version, { secrets: { [key]: token }, platform }), sha256)
          expect(rendered.variables[key]).toBe(token)
          const shown = rendered.compose + JSON.stringify(rendered.urls) + rendered.hash
          for (const value of Object.values(rendered.variables)) expect(shown).not.toContain(value)
        }
      },
    ),
  )
})

it('limits add up to the size of the bot exactly', () => {
  const share = fc.integer({ min: 1, max: 99 })
  fc.assert(
    fc.property(
      share,
      fc.integer({ min: 100, max: 64_000 }),
      fc.integer({ min: 128, max: 131_072 }),
      (part, cpuMilli, memoryMib) => {
        const input = inputFor(pairVersion(part))
        const services = Object.values(
          servicesOf(render({ ...input, bot: { ...input.bot, cpuMilli, memoryMib } }, sha256).compose),
        )
        expect(services).toHaveLength(2)
        expect(services.reduce((sum, service) => sum + Math.round(Number(service['cpus']) * 1000), 0)).toBe(
          cpuMilli,
        )
        expect(
          services.reduce((sum, service) => sum + Number(String(service['mem_limit']).replace('m', '')), 0),
        ).toBe(memoryMib)
      },
    ),
  )
})

it('doubles every $ in the environment and none in a file', () => {
  fc.assert(
    fc.property(safeText, (GREETING) => {
      const answers = { GREETING, TONE: 'formal', SHOUT: false, REPEATS: 1 }
      const bot = servicesOf(render(inputFor(echo, { answers }), sha256).compose)['bot']
      expect(bot?.environment['GREETING']).toBe(GREETING.split('$').join('$$'))
      const file = bot?.volumes?.find((volume) => volume.type === 'bind')?.content ?? ''
      expect((JSON.parse(file) as { greeting: string }).greeting).toBe(GREETING)
    }),
  )
})

describe('the hash', () => {
  const base = inputFor(echo, { secrets: { API_KEY: 'abcdefgh' } })
  const hashOf = (change: Partial<RenderInput>): string => render({ ...base, ...change }, sha256).hash
  const bot = (change: Partial<RenderInput['bot']>): Partial<RenderInput> => ({
    bot: { ...base.bot, ...change },
  })
  it.each<[string, Partial<RenderInput>]>([
    ['an answer', { answers: { ...base.answers, TONE: 'short' } }],
    ['a secret', { secretPrints: { ...base.secretPrints, API_KEY: 'other' } }],
    ['a removed secret', { secrets: { SESSION_KEY: 'f'.repeat(64) } }],
    ['memory', bot({ memoryMib: 4096 })],
    ['cpu', bot({ cpuMilli: 2000 })],
    ['the host', bot({ host: 'b.bots.example.de', url: 'https://b.bots.example.de' })],
    ['the scheme', bot({ url: 'http://anna.bots.example.de' })],
    ['a platform value', { platform: { ...base.platform, locale: 'en' } }],
    [
      'the version',
      {
        version: versionOf('echo', (raw) => {
          raw.version = 2
        }),
      },
    ],
  ])('changes with %s', (_, change) => expect(hashOf(change)).not.toBe(hashOf({})))
  it.each<[string, Partial<RenderInput>]>([
    ['the disk size, which no container knows', bot({ diskMib: 1 })],
    ['the public port of the address', bot({ url: 'https://anna.bots.example.de:8443' })],
    ['a model that echo does not ask for', { platform: { ...base.platform, llm_model: 'x', llm_key: 'y' } }],
    ['a new ciphertext of the same value', { secrets: { ...base.secrets } }],
  ])('does not change with %s', (_, change) => expect(hashOf(change)).toBe(hashOf({})))
  it('changes with the router key of a template that uses it', () => {
    const input = inputFor(openclaw)
    const other = { ...input, platform: { ...input.platform, llm_key: 'another' } }
    expect(render(other, sha256).hash).not.toBe(render(input, sha256).hash)
  })
})

describe('nothing is guessed', () => {
  const broken = (change: (raw: any) => void) => inputFor(versionOf('echo', change))
  it.each<[string, () => RenderInput, string]>([
    [
      'an unknown answer',
      () =>
        broken((raw) => {
          raw.services[0].environment.X = '${answers.NOPE}'
        }),
      'answers.NOPE',
    ],
    [
      'a secret in the environment',
      () =>
        broken((raw) => {
          raw.services[0].environment.X = '${answers.API_KEY}'
        }),
      'answers.API_KEY',
    ],
    [
      'the router key',
      () =>
        broken((raw) => {
          raw.services[0].environment.X = '${platform.llm_key}'
        }),
      'platform.llm_key',
    ],
    [
      'an inherited name',
      () =>
        broken((raw) => {
          raw.services[0].environment.X = '${bot.constructor}'
        }),
      'bot.constructor',
    ],
    [
      'a broken placeholder',
      () =>
        broken((raw) => {
          raw.services[0].environment.X = '${GREETING}'
        }),
      'GREETING',
    ],
    [
      'a value that begins with $',
      () =>
        broken((raw) => {
          raw.services[0].environment.X = '$HOME'
        }),
      'environment.X',
    ],
    ['a missing required answer', () => inputFor(echo, { answers: {} }), 'answers.GREETING'],
    ['a missing generated secret', () => ({ ...inputFor(echo), secrets: {} }), 'secrets.SESSION_KEY'],
    [
      'a secret without a fingerprint',
      () => ({ ...inputFor(echo), secretPrints: {} }),
      'secretPrints.SESSION_KEY',
    ],
    [
      'an image without a digest',
      () => inputFor({ ...echo, images: echo.images.map((image) => ({ ...image, digest: '' })) }),
      'bot.image',
    ],
    [
      'a customer image without a digest',
      () => inputFor(custom, { answers: { ...customAnswers, IMAGE: 'a.de/b:1' } }),
      'app.image',
    ],
    ['a root user', () => inputFor(custom, { answers: { ...customAnswers, RUN_AS: '0:0' } }), 'runtime.user'],
    ['a port out of range', () => inputFor(custom, { answers: { ...customAnswers, PORT: 70000 } }), 'port'],
    [
      'an empty router key',
      () => ({ ...inputFor(openclaw), platform: { ...inputFor(openclaw).platform, llm_key: '' } }),
      'secrets.LLM_ROUTER_KEY',
    ],
    [
      'no share of the size',
      () => ({ ...inputFor(pairVersion(99)), bot: { ...inputFor(echo).bot, memoryMib: 50 } }),
      'cache',
    ],
  ])('%s', (_, input, what) => {
    let caught: unknown
    try {
      render(input(), sha256)
    } catch (error) {
      caught = error
    }
    expect(caught).toBeInstanceOf(RenderError)
    expect((caught as RenderError).what).toBe(what)
  })
})

it('canonical JSON sorts keys at every depth', () => {
  expect(canonicalJson({ b: [{ z: 1, a: null }], a: 'ü"' })).toBe('{"a":"ü\\"","b":[{"a":null,"z":1}]}')
})
