import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseDotenv } from '../../local/dotenv.ts'
import { localDigests, serverEnvironment, usesRealCoolify } from '../../local/environment.ts'
import { type Keys } from '../../local/keys.ts'
import { readKeyring } from '../../pb_hooks_src/tenancy/keyring.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (file: string): string => readFileSync(join(root, file), 'utf8')

const example = read('.env.example')
const explained = [...example.matchAll(/^# ([A-Za-z][A-Za-z0-9_]*)=/gm)].map((match) => match[1] ?? '')

/** Set by the system or by npm, not by whoever installs this. */
const system = new Set(['HOME', 'PATH', 'XDG_CACHE_HOME', 'LOCALAPPDATA', 'SECRETS_KEY_local'])

function files(place: string): string[] {
  if (!existsSync(join(root, place))) return []
  if (statSync(join(root, place)).isFile()) return [place]
  // The bot is configured by the platform that starts it, not by whoever installs this.
  if (place === join('local', 'bot')) return []
  return readdirSync(join(root, place)).filter((name) => name !== '.build' && name !== '.data')
    .flatMap((name) => files(join(place, name)))
}

/** Variables that the code asks for by name. */
function asked(places: string[]): Set<string> {
  const patterns = [
    /\benv(?:Int)?\('([A-Z][A-Z0-9_]+)'/g, /\b(?:env|settings|defaults)\['([A-Z][A-Za-z0-9_]+)'\]/g,
    /\benv\.([A-Z][A-Z0-9_]+)\b/g, /\$\{([A-Z][A-Z0-9_]+)[}:]/g,
  ]
  const texts = places.flatMap(files).filter((file) => /\.(ts|mjs)$|docker\/|\.ci\//.test(file)).map(read)
  const names = texts.flatMap((text) => patterns.flatMap((pattern) => [...text.matchAll(pattern)]))
    .map((match) => match[1] ?? '')
  return new Set(names.filter((name) => !system.has(name)))
}

type Compose = {
  services: { [name: string]: { environment: { [name: string]: string }; [key: string]: unknown } }
}

describe('.env.example', () => {
  test('explains every variable that the code reads', () => {
    const names = asked(['pb_hooks_src', 'local', 'setup', 'setup.mjs', 'docker', '.ci'])
    expect(names.size).toBeGreaterThan(15)
    expect([...names].filter((name) => !explained.includes(name))).toEqual([])
  })

  test('explains nothing that nobody reads', () => {
    const compose = read('compose.yaml')
    const names = asked(['pb_hooks_src', 'local', 'setup', 'setup.mjs', 'docker', '.ci', 'test'])
    expect(explained.filter((name) => !names.has(name) && !compose.includes(name))).toEqual([])
  })

  test('sets nothing as it stands, and every line is valid once its # is gone', () => {
    expect(parseDotenv(example)).toEqual({})
    const all = parseDotenv(example.replace(/^# (?=[A-Za-z][A-Za-z0-9_]*=)/gm, ''))
    expect(Object.keys(all).sort()).toEqual([...new Set(explained)].sort())
    expect(new Set(explained).size).toBe(explained.length)
  })
})

describe('compose.yaml', () => {
  const { portal } = (parse(read('compose.yaml')) as Compose).services
  const environment = portal?.environment ?? {}

  test('passes on only what .env.example explains, each under its own name', () => {
    expect(Object.keys(environment).filter((name) => !explained.includes(name))).toEqual([])
    for (const [name, value] of Object.entries(environment)) {
      const match = /^\$\{(\w+)(:\?|:-[^}]*)\}$/.exec(value)
      expect(match?.[1]).toBe(name)
    }
  })

  test('refuses to start without what has no sensible default', () => {
    const required = Object.keys(environment).filter((name) => environment[name]?.endsWith(':?}'))
    expect(required.sort()).toEqual([
      'BOTS_BASE_URL', 'COOLIFY_SERVER_UUID', 'COOLIFY_TOKEN', 'COOLIFY_URL', 'SECRETS_KEY_k1',
    ])
  })

  test('every variable of the hooks reaches the container', () => {
    expect([...asked(['pb_hooks_src'])].filter((name) => !(name in environment))).toEqual([])
  })

  test('publishes no host port, keeps its records in a volume and drops what it does not need', () => {
    expect(portal).not.toHaveProperty('ports')
    expect(portal?.['volumes']).toEqual(['portal-data:/data'])
    expect(portal?.['cap_drop']).toEqual(['ALL'])
    expect(portal?.['read_only']).toBe(true)
  })
})

describe('Dockerfile', () => {
  test('copies only what is there, and what it runs is executable', () => {
    const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from|\. \.)(.+) \S+$/gm)]
      .flatMap((match) => (match[1] ?? '').split(' '))
    expect(copied).toEqual(['package.json', 'package-lock.json', 'docker/entrypoint', 'docker/healthy'])
    expect(copied.filter((file) => !existsSync(join(root, file)))).toEqual([])
    for (const file of ['docker/entrypoint', 'docker/healthy', '.ci/run']) {
      expect(statSync(join(root, file)).mode & 0o111).toBe(0o111)
    }
  })

  test('neither secrets nor records get into the image', () => {
    const ignored = read('.dockerignore').split('\n')
    const hidden = ['.env', '.env.*', '.git', 'local', 'pb_data', 'node_modules']
    expect(hidden.filter((name) => !ignored.includes(name))).toEqual([])
  })
})

describe('serverEnvironment', () => {
  const keys: Keys = {
    secrets_key: 'k'.repeat(32), coolify_token: '1|t', server_uuid: 'u', superuser_password: 'p',
    customer_password: 'p', operator_password: 'p', image_digest: `sha256:${'a'.repeat(64)}`,
  }
  const ports = { portal: 1, router: 2, coolify: 3 }
  const catalogue = JSON.stringify([{ versions: [{ images: [
    { repository: 'r/echo', tag: '1', digest: '' },
    { repository: 'r/other', tag: '2', digest: `sha256:${'b'.repeat(64)}` },
  ] }, { images: [{ repository: 'r/echo', tag: '1', digest: '' }] }] }])

  test('the stand-in gets its address, a key that the keyring takes, and digests for open images', () => {
    const env = serverEnvironment({ SERVER_NAME: 'mine' }, keys, ports, true, catalogue)
    expect(env).toMatchObject({
      COOLIFY_URL: 'http://127.0.0.1:3', COOLIFY_TOKEN: '1|t', COOLIFY_SERVER_UUID: 'u', SERVER_NAME: 'mine',
      BOTS_BASE_URL: 'http://bots.localhost:2', IMAGE_DIGESTS: `r/echo:1=sha256:${'a'.repeat(64)}`,
    })
    expect(readKeyring(env)).toEqual({ keyring: { active: 'local', keys: { local: keys.secrets_key } } })
  })

  test('keys of the settings replace the made-up one', () => {
    const env = serverEnvironment({ SECRETS_KEY_k1: 's'.repeat(32) }, keys, ports, true, catalogue)
    expect(readKeyring(env)).toEqual({ keyring: { active: 'k1', keys: { k1: 's'.repeat(32) } } })
  })

  test('a real Coolify is used as the settings say, with no made-up digest', () => {
    const settings = {
      COOLIFY_URL: 'https://c', COOLIFY_TOKEN: 't', COOLIFY_SERVER_UUID: 's', BOTS_BASE_URL: 'https://b',
    }
    expect(usesRealCoolify(settings)).toBe(true)
    const env = serverEnvironment(settings, keys, ports, false, catalogue)
    expect(env).toMatchObject(settings)
    expect(env).not.toHaveProperty('IMAGE_DIGESTS')
  })

  test('a real Coolify with something missing is named', () => {
    expect(usesRealCoolify({})).toBe(false)
    const half = { COOLIFY_URL: 'https://c', COOLIFY_TOKEN: 't' }
    expect(() => usesRealCoolify(half)).toThrow('COOLIFY_SERVER_UUID, BOTS_BASE_URL')
  })

  test('no open image, no digests', () => {
    expect(localDigests('[]', keys.image_digest)).toBe('')
  })
})
