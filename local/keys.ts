import { randomBytes, randomInt } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** What one clone makes up for itself once; stays until `--fresh`. */
export type Keys = {
  /** Encrypts the bots' secrets: exactly 32 ASCII characters. */
  secrets_key: string
  coolify_token: string
  server_uuid: string
  superuser_password: string
  customer_password: string
  operator_password: string
  /** Stands in for the digests of images that the local platform does not pull (see environment.ts). */
  image_digest: string
}

const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const secretsKeyLength = 32
const passwordLength = 16
const tokenLength = 40
const uuidLength = 24
/** Only the owner of the clone may read it. */
const ownerOnly = 0o600

function randomText(length: number, alphabet: string): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
}

/**
 * Reads the keys of a folder, making those that are missing.
 * @param file local/.data/keys.json
 */
export function keysOf(file: string): Keys {
  const found = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Keys>) : {}
  const keys: Keys = {
    secrets_key: randomText(secretsKeyLength, letters),
    coolify_token: `1|${randomText(tokenLength, letters)}`,
    server_uuid: randomText(uuidLength, 'abcdefghijklmnopqrstuvwxyz0123456789'),
    superuser_password: randomText(passwordLength, letters),
    customer_password: randomText(passwordLength, letters),
    operator_password: randomText(passwordLength, letters),
    image_digest: `sha256:${randomBytes(32).toString('hex')}`,
    ...found,
  }
  writeFileSync(file, `${JSON.stringify(keys, null, 2)}\n`, { mode: ownerOnly })
  return keys
}
