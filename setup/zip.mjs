// Reads one entry of a zip archive; enough for release archives (no zip64, no encryption).
// Source of the layout: PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16.
import { inflateRawSync } from 'node:zlib'

const endSignature = 0x06054b50
const centralSignature = 0x02014b50
const localSignature = 0x04034b50
const endBytesMin = 22
const commentBytesMax = 0xffff
const entryBytesMax = 256 * 1024 * 1024

/**
 * @param {Buffer} archive whole zip file
 * @param {string} name exact name of the entry
 * @returns {Buffer} the unpacked bytes
 * @throws Error when the archive is damaged, has no such entry, or packs it in an unknown way
 */
export function readZipEntry(archive, name) {
  const end = endOf(archive)
  const count = archive.readUInt16LE(end + 10)
  let at = archive.readUInt32LE(end + 16)
  for (let index = 0; index < count; index++) {
    expect(archive, at, centralSignature, 46)
    const nameLength = archive.readUInt16LE(at + 28)
    const next = at + 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
    if (archive.toString('utf8', at + 46, at + 46 + nameLength) === name) return unpack(archive, at, name)
    at = next
  }
  throw new Error(`the archive has no entry ${name}`)
}

/** The directory's end stands last, behind it at most a comment. */
function endOf(archive) {
  const first = Math.max(0, archive.length - endBytesMin - commentBytesMax)
  for (let at = archive.length - endBytesMin; at >= first; at--) {
    if (archive.readUInt32LE(at) === endSignature) return at
  }
  throw new Error('not a zip archive, or cut')
}

/** Sizes are taken from the directory: the local header may leave them open. */
function unpack(archive, central, name) {
  const method = archive.readUInt16LE(central + 10)
  const packed = archive.readUInt32LE(central + 20)
  const size = archive.readUInt32LE(central + 24)
  const local = archive.readUInt32LE(central + 42)
  if (size > entryBytesMax) throw new Error(`${name} is larger than ${entryBytesMax} bytes`)
  expect(archive, local, localSignature, 30)
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
  const body = archive.subarray(start, start + packed)
  if (method !== 0 && method !== 8) throw new Error(`${name} is packed in an unknown way (${method})`)
  const bytes = method === 0 ? Buffer.from(body) : inflateRawSync(body, { maxOutputLength: size + 1 })
  if (bytes.length !== size) throw new Error(`${name} unpacks to ${bytes.length} instead of ${size} bytes`)
  return bytes
}

function expect(archive, at, signature, bytes) {
  if (at + bytes > archive.length || archive.readUInt32LE(at) !== signature) {
    throw new Error('the zip archive is damaged')
  }
}
