import { readFileSync } from 'node:fs'
import type { Keys } from './keys.ts'
import type { Ports } from './ports.ts'

type Values = { [name: string]: string }

/** What a real Coolify needs to be driven; the local stand-in brings its own. */
const neededForCoolify = ['COOLIFY_URL', 'COOLIFY_TOKEN', 'COOLIFY_SERVER_UUID', 'BOTS_BASE_URL']

/**
 * Whether the settings name a real Coolify.
 * @throws Error naming the variables that are missing beside COOLIFY_URL
 */
export function usesRealCoolify(settings: Values): boolean {
  if ((settings['COOLIFY_URL'] ?? '') === '') return false
  const missing = neededForCoolify.filter((name) => (settings[name] ?? '') === '')
  if (missing.length > 0) {
    const names = missing.join(', ')
    throw new Error(`COOLIFY_URL is set, and a real Coolify also needs ${names} (see .env.example).`)
  }
  return true
}

/** The environment of PocketBase: what the settings say, and for the rest what this clone made up. */
export function serverEnvironment(
  settings: Values, keys: Keys, ports: Ports, local: boolean, catalogue: string,
): Values {
  const defaults: Values = { PORTAL_URL: `http://127.0.0.1:${ports.portal}` }
  if (!Object.keys(settings).some((name) => name.startsWith('SECRETS_KEY_'))) {
    defaults['SECRETS_KEY_local'] = keys.secrets_key
    defaults['SECRETS_ACTIVE_KEY'] = 'local'
  }
  if (!local) return { ...defaults, ...settings }
  return {
    ...defaults, SERVER_NAME: 'local', SERVER_COUNTRY: 'DE',
    IMAGE_DIGESTS: localDigests(catalogue, keys.image_digest),
    // No model is asked here: the local bot only echoes. Templates that need a router can be deployed all the same.
    LLM_ROUTER_URL: 'http://llm.localhost/v1', LLM_ROUTER_KEY: 'local-router-key', LLM_MODEL: 'local', ...settings,
    // These belong to the stand-in of this start, whatever the settings say.
    COOLIFY_URL: `http://127.0.0.1:${ports.coolify}`, COOLIFY_TOKEN: keys.coolify_token,
    COOLIFY_SERVER_UUID: keys.server_uuid,
    BOTS_BASE_URL: `http://bots.localhost:${ports.router}`,
  }
}

type Image = { repository: string; tag: string; digest: string }

/**
 * The local platform runs its own small program instead of any image, so images whose digest the catalogue
 * leaves open may be deployed here under a made-up one; for a real Coolify the operator names the true one.
 * @param catalogue text of pb_hooks/catalogue.json
 */
export function localDigests(catalogue: string, digest: string): string {
  const entries = JSON.parse(catalogue) as { versions: { images: Image[] }[] }[]
  const images = entries.flatMap((entry) => entry.versions).flatMap((version) => version.images)
  const open = images.filter((image) => image.digest === '')
    .map((image) => `${image.repository}:${image.tag}=${digest}`)
  return [...new Set(open)].join(',')
}

/** The path that setup.mjs found. */
export function pocketbasePath(root: string): string {
  const own = process.env['POCKETBASE_BIN'] ?? ''
  return own !== '' ? own : readFileSync(`${root}/node_modules/.cache/pocketbase-path`, 'utf8').trim()
}
