const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const replacement = 0xfffd
/** Characters joined at a time: one string that grows by a character is slow in goja. */
const chunkLength = 4096

/**
 * Canonical base64 of the UTF-8 form of a text: padded and without line breaks, because Coolify encodes
 * what it decoded again and refuses a body that differs (ServicesController::create_service). A lone
 * surrogate becomes U+FFFD, as in every UTF-8 encoder.
 * @example base64('Bär') // 'QsOkcg=='
 */
export function base64(text: string): string {
  const bytes = utf8(text)
  const parts: string[] = []
  let part = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = [bytes[i], bytes[i + 1], bytes[i + 2]]
    part += alphabet.charAt(a >> 2) + alphabet.charAt(((a & 3) << 4) | ((b ?? 0) >> 4))
    part += b === undefined ? '=' : alphabet.charAt(((b & 15) << 2) | ((c ?? 0) >> 6))
    part += c === undefined ? '=' : alphabet.charAt(c & 63)
    if (part.length >= chunkLength) {
      parts.push(part)
      part = ''
    }
  }
  return parts.join('') + part
}

/** goja has no TextEncoder, so the four lengths of UTF-8 stand here. */
function utf8(text: string): number[] {
  const bytes: number[] = []
  for (let i = 0; i < text.length; i++) {
    let point = text.codePointAt(i) ?? replacement
    if (point > 0xffff) i++
    else if (point >= 0xd800 && point <= 0xdfff) point = replacement
    if (point < 0x80) bytes.push(point)
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), tail(point))
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), tail(point >> 6), tail(point))
    else bytes.push(0xf0 | (point >> 18), tail(point >> 12), tail(point >> 6), tail(point))
  }
  return bytes
}

function tail(bits: number): number {
  return 0x80 | (bits & 63)
}
