// A release site on loopback that can misbehave, and the archive it offers.
import { createHash } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { deflateRawSync } from 'node:zlib'

/** How the site answers: a wrong file is another good archive, a cut one promises more than it sends. */
export type Manner = 'right' | 'wrong' | 'cut' | 'hanging' | 'slow to start' | 'missing' | 'redirect'

export type ReleaseSite = { base: string; asked: string[]; close: () => void }

/** Starts a site on a free port. `asked` lists the paths that were requested. */
export async function releaseSite(manner: Manner, archive: Buffer): Promise<ReleaseSite> {
  const asked: string[] = []
  const server = createServer((request, reply) => {
    asked.push(request.url ?? '')
    answer(manner, request.url ?? '', archive, reply)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    base: `http://127.0.0.1:${port}`, asked,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

function answer(manner: Manner, path: string, archive: Buffer, reply: ServerResponse): void {
  if (manner === 'missing') {
    reply.writeHead(404).end('not here')
  } else if (manner === 'redirect' && !path.startsWith('/objects/')) {
    reply.writeHead(302, { location: `/objects${path}` }).end()
  } else if (manner === 'wrong') {
    reply.end(zipOf([{ name: 'pocketbase', content: program('6.6.6'), method: 8 }]))
  } else if (manner === 'cut') {
    reply.writeHead(200, { 'content-length': archive.length })
    reply.write(archive.subarray(0, archive.length >> 1), () => reply.destroy())
  } else if (manner === 'hanging') {
    reply.writeHead(200, { 'content-length': archive.length })
    reply.write(archive.subarray(0, 10))
  } else if (manner !== 'slow to start') {
    reply.end(archive)
  }
}

/** A program that says a version the way PocketBase does. */
export function program(version: string): Buffer {
  return Buffer.from(`#!/bin/sh\necho "pocketbase version ${version}"\n`)
}

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** Writes a zip archive; method 0 stores, 8 deflates, and others are named but stored. */
export function zipOf(
  entries: { name: string; content: Buffer; method: number; sizeSaid?: number }[], comment = '',
): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let at = 0
  for (const { name, content, method, sizeSaid } of entries) {
    const body = method === 8 ? deflateRawSync(content) : content
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(method, 8)
    // As streaming writers do: sizes are left open here and stand in the directory only.
    local.writeUInt16LE(name.length, 26)
    local.writeUInt16LE(3, 28)
    locals.push(local, Buffer.from(name), Buffer.from('xxx'), body)
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt16LE(method, 10)
    central.writeUInt32LE(body.length, 20)
    central.writeUInt32LE(sizeSaid ?? content.length, 24)
    central.writeUInt16LE(name.length, 28)
    central.writeUInt32LE(at, 42)
    centrals.push(central, Buffer.from(name))
    at += 30 + name.length + 3 + body.length
  }
  const directory = Buffer.concat(centrals)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(at, 16)
  end.writeUInt16LE(comment.length, 20)
  return Buffer.concat([...locals, directory, end, Buffer.from(comment)])
}
