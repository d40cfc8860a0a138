/** The keys that secrets are encrypted with. Old ones stay readable until nothing uses them any more. */
export type Keyring = { active: string; keys: { [id: string]: string } }

/** AES-256 needs exactly this many bytes; PocketBase would silently take 16 or 24 and use a weaker cipher. */
export const keyLengthBytes = 32
const keyNamePattern = /^SECRETS_KEY_([A-Za-z0-9]{1,16})$/

/**
 * Reads the keyring from environment variables `SECRETS_KEY_<id>` and `SECRETS_ACTIVE_KEY`.
 * @returns the keyring, or one sentence that names the variable to mend
 */
export function readKeyring(variables: { [name: string]: string | undefined }): { keyring: Keyring } | { problem: string } {
  const keys: { [id: string]: string } = {}
  for (const name of Object.keys(variables)) {
    const id = keyNamePattern.exec(name)?.[1]
    const key = variables[name] ?? ''
    // A compose file passes a variable that is not set as an empty one.
    if (id === undefined || key === '') continue
    if (!/^[\x21-\x7e]*$/.test(key) || key.length !== keyLengthBytes) {
      return { problem: `${name} must be exactly ${keyLengthBytes} printable ASCII characters, it has ${key.length}.` }
    }
    keys[id] = key
  }
  const ids = Object.keys(keys)
  if (ids.length === 0) return { problem: `SECRETS_KEY_<id> is missing: set one with ${keyLengthBytes} random ASCII characters, for example SECRETS_KEY_k1.` }
  const wanted = variables['SECRETS_ACTIVE_KEY'] ?? ''
  const active = wanted !== '' ? wanted : ids.length === 1 ? ids[0] : undefined
  if (active === undefined) return { problem: 'SECRETS_ACTIVE_KEY is missing: several keys are set, name the one to encrypt with.' }
  if (keys[active] === undefined) return { problem: `SECRETS_ACTIVE_KEY names ${active}, but SECRETS_KEY_${active} is not set.` }
  return { keyring: { active, keys } }
}

/** Whose secret it is; bound inside the ciphertext, so that one cannot be moved to another bot or name. */
export type SecretIdentity = { tenant: string; bot: string; key: string }

/** The text that is encrypted. */
export function sealText(identity: SecretIdentity, value: string): string {
  return JSON.stringify({ v: 1, t: identity.tenant, b: identity.bot, k: identity.key, x: value })
}

/** The value of a decrypted text; null when it belongs to something else or is not ours. */
export function openText(identity: SecretIdentity, text: string): string | null {
  let sealed: { v?: unknown; t?: unknown; b?: unknown; k?: unknown; x?: unknown }
  try {
    sealed = JSON.parse(text)
  } catch {
    return null
  }
  const ours = sealed.v === 1 && sealed.t === identity.tenant && sealed.b === identity.bot && sealed.k === identity.key
  return ours && typeof sealed.x === 'string' ? sealed.x : null
}

/** Shortest base64 of nonce (12) and tag (16); a shorter text panics inside PocketBase's decrypt. */
const cipherLengthMin = 40

/** Splits `<key id>:<base64>`; null when it is not of that form or its key is not in the ring. */
export function splitCipher(keyring: Keyring, stored: string): { key: string; cipher: string } | null {
  const at = stored.indexOf(':')
  const key = at > 0 ? keyring.keys[stored.slice(0, at)] : undefined
  const cipher = stored.slice(at + 1)
  if (key === undefined || cipher.length < cipherLengthMin || !/^[A-Za-z0-9+/]+={0,2}$/.test(cipher)) return null
  return { key, cipher }
}
