import type { Keyring, SecretIdentity } from '../../tenancy/keyring.ts'
import { openText, readKeyring, sealText, splitCipher } from '../../tenancy/keyring.ts'
import { refuse } from '../../tenancy/refusal.ts'
import { secretValues } from '../../catalogue/render.ts'
import { refusalError } from './errors.ts'
import { dateText } from './time.ts'
import { row, rows, run } from './sql.ts'
import { versionSpec } from './versions.ts'

/** The keyring of this process; throws one sentence that names the variable to mend. */
export function keyring(): Keyring {
  const read = readKeyring(process.env)
  if ('problem' in read) throw new Error(read.problem)
  return read.keyring
}

const identity = (tenant: string, bot: string, key: string): SecretIdentity => ({ tenant, bot, key })

/** A short keyed mark of a value: equal values of all tenants have equal marks, nobody can reverse one. */
function fingerprint(ring: Keyring, value: string): string {
  const oldest = Object.keys(ring.keys).sort()[0] ?? ring.active
  return $security.hs256(value, `fingerprint:${ring.keys[oldest]}`).slice(0, 16)
}

/**
 * Stores new values and forgets those set to null. Runs inside the caller's transaction.
 * @returns when each key of the bot was set, for the record's `secrets_set`
 */
export function writeSecrets(tx: PbApp, tenant: string, bot: string, secrets: { [key: string]: string | null }, now: number): void {
  const ring = keyring()
  for (const key of Object.keys(secrets)) {
    const value = secrets[key]
    if (value === null || value === undefined) {
      run(tx, 'DELETE FROM bot_secrets WHERE bot = {:bot} AND key = {:key}', { bot, key })
      continue
    }
    const text = sealText(identity(tenant, bot, key), value)
    const ciphertext = `${ring.active}:${$security.encrypt(text, ring.keys[ring.active] ?? '')}`
    run(tx, `INSERT INTO bot_secrets (bot, key, ciphertext, fingerprint, set_at) VALUES ({:bot}, {:key}, {:ciphertext}, {:print}, {:at})
      ON CONFLICT (bot, key) DO UPDATE SET ciphertext = excluded.ciphertext, fingerprint = excluded.fingerprint, set_at = excluded.set_at`,
    { bot, key, ciphertext, print: fingerprint(ring, value), at: dateText(now) })
  }
}

/** Which keys are set and since when, for showing. */
export function secretsSet(app: PbApp, bot: string): { [key: string]: string } {
  const set: { [key: string]: string } = {}
  for (const secret of rows<{ key: string; at: string }>(app, "SELECT json_object('key', key, 'at', set_at) AS j FROM bot_secrets WHERE bot = {:bot} ORDER BY key", { bot })) {
    set[secret.key] = secret.at
  }
  return set
}

export type OpenedSecrets = { values: { [key: string]: string }; prints: { [key: string]: string }; unreadable: string[] }

/** Decrypts a bot's secrets for one turn; what cannot be read is named, never guessed. */
export function openSecrets(app: PbApp, tenant: string, bot: string): OpenedSecrets {
  const opened: OpenedSecrets = { values: {}, prints: {}, unreadable: [] }
  const stored = rows<{ key: string; cipher: string; print: string }>(app,
    "SELECT json_object('key', key, 'cipher', ciphertext, 'print', fingerprint) AS j FROM bot_secrets WHERE bot = {:bot}", { bot })
  if (stored.length === 0) return opened
  const ring = keyring()
  for (const secret of stored) {
    const value = decrypt(ring, identity(tenant, bot, secret.key), secret.cipher)
    if (value === null) opened.unreadable.push(secret.key)
    else opened.values[secret.key] = value
    opened.prints[secret.key] = secret.print
  }
  return opened
}

function decrypt(ring: Keyring, whose: SecretIdentity, stored: string): string | null {
  const split = splitCipher(ring, stored)
  if (split === null) return null
  try {
    return openText(whose, $security.decrypt(split.cipher, split.key))
  } catch {
    return null
  }
}

/** Every value of a bot that must not be kept or shown, those inside free variables included. For redaction. */
export function hiddenValues(app: PbApp, bot: string): string[] {
  const home = row<{ tenant: string; version: string }>(app, "SELECT json_object('tenant', tenant, 'version', template_version) AS j FROM bot_instances WHERE id = {:bot}", { bot })
  if (home === null) return []
  const { values } = openSecrets(app, home.tenant, bot)
  const version = versionSpec(app, home.version)
  return version === null ? Object.values(values) : secretValues(version, values)
}

/** Secrets are written by the intents of their bot alone; a row changed or deleted by hand would break the bot. */
export function secretTouched(_e: PbRecordEvent): void {
  throw refusalError([refuse('id', 'written_by_server')], 'en')
}
