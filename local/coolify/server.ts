import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Answer } from './answer.ts'
import type { Coolify } from './coolify.ts'
import type { Fault } from './faults.ts'
import { exchangeOf, json } from './answer.ts'
import { control, controlPrefix } from './control.ts'

const host = '127.0.0.1'
const tickEveryMs = 50
const bodyBytesMax = 8 * 1024 * 1024

export type ServedCoolify = { port: number; close(): Promise<void> }

/**
 * Coolify on a socket of this machine, with faults as they look on a wire: refused connections, resets, bodies
 * that are shorter than announced, answers that never come.
 * @param port 0 = any free one
 * @param secret opens `/_control` to whoever sends it as `x-control`; empty = the route does not exist
 * @throws Error when the port is taken
 */
export async function serveCoolify(coolify: Coolify, port: number, secret = ''): Promise<ServedCoolify> {
  const sockets = new Set<Duplex>()
  const server = createServer((request, reply) => void serve(coolify, secret, request, reply))
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const own = await listen(server, port)
  const cut = (): void => { for (const socket of sockets) socket.destroy() }
  let closed = false
  const timer = setInterval(() => {
    coolify.tick()
    // During an outage nobody listens, so that a client sees a refused connection and not a broken one.
    if (coolify.faults.down && server.listening) {
      server.close()
      cut()
    } else if (!coolify.faults.down && !server.listening && !closed) {
      server.listen(own, host)
    }
  }, tickEveryMs)
  return {
    port: own,
    close: () => new Promise((resolve) => {
      closed = true
      clearInterval(timer)
      if (!server.listening) return resolve()
      server.close(() => resolve())
      cut()
    }),
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      // Listening again after an outage may meet a port that is still in use: the next tick tries again.
      server.on('error', () => {})
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

async function serve(coolify: Coolify, secret: string, request: IncomingMessage, reply: ServerResponse): Promise<void> {
  const body = await bodyOf(request)
  if (body === null) return send(reply, json(413, { message: 'Payload Too Large' }))
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) if (typeof value === 'string') headers[name] = value
  const exchange = exchangeOf(request.method ?? 'GET', request.url ?? '/', headers, body)
  if (secret !== '' && exchange.path.startsWith(controlPrefix)) return send(reply, control(coolify, secret, exchange))
  const handled = coolify.handle(exchange)
  if ('status' in handled) send(reply, handled)
  else strike(request, reply, handled.fault, handled.answer)
}

function strike(request: IncomingMessage, reply: ServerResponse, { kind, ms }: Fault, answer: Answer | null): void {
  if (kind === 'blackHole') return
  if ((kind === 'latency' || kind === 'hang') && answer !== null) {
    setTimeout(() => send(reply, answer), ms).unref()
  } else if (kind === 'halfBody' && answer !== null) {
    const bytes = Buffer.from(answer.text)
    reply.writeHead(answer.status, { ...answer.headers, 'content-length': String(bytes.length + 1) })
    reply.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => request.socket.destroy())
  } else if (kind === 'reset') {
    request.socket.resetAndDestroy()
  } else {
    request.socket.destroy()
  }
}

function send(reply: ServerResponse, { status, headers, text }: Answer): void {
  reply.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(text)) })
  reply.end(text)
}

/** Null when it is too long or the client went away. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of request) {
      bytes += (chunk as Buffer).length
      if (bytes > bodyBytesMax) return null
      chunks.push(chunk as Buffer)
    }
  } catch {
    return null
  }
  return Buffer.concat(chunks).toString('utf8')
}
