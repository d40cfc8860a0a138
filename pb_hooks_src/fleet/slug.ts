/** The slug is the first label of a bot's host name: 3 to 40 of a-z, 0-9 and inner hyphens. */
export const slugPattern = /^[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])$/
const slugLengthMax = 40

/** Names that would mislead people or clash with what mail and browsers look for by convention. */
const reserved = new Set([
  'www', 'api', 'admin', 'app', 'apps', 'mail', 'smtp', 'imap', 'pop', 'mx', 'ns', 'ns1', 'ns2', 'dns', 'ftp',
  'autodiscover', 'autoconfig', 'wpad', 'isatap', 'localhost', 'status', 'billing', 'support', 'help', 'login',
  'sso', 'auth', 'account', 'abuse', 'postmaster', 'hostmaster', 'webmaster', 'security', 'root', 'portal',
  'dashboard', 'console', 'docs', 'blog', 'shop', 'cdn', 'static', 'assets', 'coolify', 'traefik', 'cloudfreedom',
])

/** True for names that nobody may take, punycode included (it can imitate other names). */
export function isReserved(slug: string): boolean {
  return reserved.has(slug) || slug.startsWith('xn--')
}

const letters: Record<string, string> = {
  ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss', é: 'e', è: 'e', ê: 'e', á: 'a', à: 'a', â: 'a', å: 'a', ç: 'c', ñ: 'n',
  ó: 'o', ò: 'o', ô: 'o', ø: 'o', í: 'i', ì: 'i', î: 'i', ú: 'u', ù: 'u', û: 'u', æ: 'ae', œ: 'oe', š: 's', ž: 'z',
}

/**
 * A slug from a bot's name; a name without usable letters gives `bot`. Not checked against what is taken.
 * @example slugOf('Kunden-Bot für Köln') // 'kunden-bot-fuer-koeln'
 */
export function slugOf(name: string): string {
  const ascii = [...name.toLowerCase()].map((letter) => letters[letter] ?? letter).join('')
  const joined = ascii.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, slugLengthMax).replace(/-+$/, '')
  const slug = joined.length >= 3 ? joined : joined === '' ? 'bot' : `bot-${joined}`
  return isReserved(slug) ? `bot-${slug}` : slug
}

/** The slug with a random ending, for when the plain one is taken. `suffix`: 6 of a-z and 0-9. */
export function slugWith(slug: string, suffix: string): string {
  return `${slug.slice(0, slugLengthMax - suffix.length - 1).replace(/-+$/, '')}-${suffix}`
}
