// Fetches one file of known sha256; every wait on the other side is bounded.
import { createHash } from 'node:crypto'

/** Longest silence of the other side, connecting included, before the next way is tried. */
export const idleMsMax = 15_000
const fileBytesMax = 128 * 1024 * 1024

/**
 * @param {string} url
 * @param {string} sha256 lower-case hex; the bytes are given only when they have it
 * @param {{ idleMs?: number, onBytes?: (got: number, size: number) => void }} [options] size is 0 where it is
 *   unknown
 * @returns {Promise<Buffer>}
 * @throws Error with one sentence: unreachable, silent, cut, too large, other status, wrong checksum
 */
export async function download(url, sha256, options = {}) {
  const idleMs = Math.min(options.idleMs ?? idleMsMax, idleMsMax)
  const abort = new AbortController()
  let timer = setTimeout(() => abort.abort(), idleMs)
  const alive = () => {
    clearTimeout(timer)
    timer = setTimeout(() => abort.abort(), idleMs)
  }
  try {
    const reply = await fetch(url, { signal: abort.signal, headers: { 'accept-encoding': 'identity' } })
    if (reply.status !== 200 || reply.body === null) throw new Error(`it answered ${reply.status}`)
    const size = Number(reply.headers.get('content-length') ?? 0)
    const bytes = await readAll(reply.body, size, alive, options.onBytes)
    const found = createHash('sha256').update(bytes).digest('hex')
    if (found !== sha256) throw new Error(`its sha256 is ${found} instead of ${sha256}`)
    return bytes
  } catch (error) {
    throw new Error(`${url}: ${abort.signal.aborted ? `silent for ${idleMs} ms` : reasonOf(error)}`)
  } finally {
    clearTimeout(timer)
    abort.abort()
  }
}

async function readAll(body, size, alive, onBytes) {
  const parts = []
  let got = 0
  for await (const part of body) {
    alive()
    parts.push(part)
    got += part.length
    if (got > fileBytesMax) throw new Error(`it is larger than ${fileBytesMax} bytes`)
    onBytes?.(got, size)
  }
  if (size > 0 && got !== size) throw new Error(`cut after ${got} of ${size} bytes`)
  return Buffer.concat(parts)
}

/** fetch hides the reason (no such host, refused, cut) one or two causes deep. */
function reasonOf(error) {
  const cause = error.cause
  if (cause === undefined) return error.message
  const cut = cause.code === 'UND_ERR_SOCKET' || /other side closed|terminated/.test(cause.message)
  return cut ? 'the connection was cut' : cause.message
}
