/** Values shorter than this are not searched for: they would blot out ordinary words. */
const secretLengthMin = 6
const mark = '[secret]'

/** Shapes of well-known credentials, redacted wherever they turn up, whoever they belong to. */
const patterns: readonly RegExp[] = [
  /\bsk-[A-Za-z0-9_-]{16,}/g,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/g,
  /\bBearer\s+[A-Za-z0-9._~+/|-]{12,}=*/gi,
  /\b\d{6,12}:[A-Za-z0-9_-]{30,}/g,
  /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{5,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@]{1,100}):[^\s@/]{3,200}@/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
]

/**
 * Takes secrets out of a text that will be kept or shown: the given values exactly (also as base64 and
 * URL-encoded), then well-known shapes.
 * @param encoded gives the other spellings of a value (base64 needs the runtime)
 */
export function redact(text: string, secrets: readonly string[], encoded: (value: string) => string[] = () => []): string {
  let clean = text
  for (const secret of secrets) {
    if (secret.length < secretLengthMin) continue
    for (const spelling of [secret, ...encoded(secret)]) {
      if (spelling.length >= secretLengthMin) clean = clean.split(spelling).join(mark)
    }
  }
  for (const pattern of patterns) clean = clean.replace(pattern, (_whole, head) => (typeof head === 'string' && head.includes('://') ? `${head}:${mark}@` : mark))
  return clean
}

/** Terminal escapes, control characters and text-direction tricks have no place in a stored line. */
export function plainLine(text: string, lengthMax: number): string {
  return text
    .replace(/\u001b\[[0-9;?]*[A-Za-z]|\u001b\][^\u0007]*(\u0007|$)/g, '')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .slice(0, lengthMax)
}
