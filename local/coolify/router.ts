import { createServer, request as call, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'

export type RouterOptions = {
  /**
   * Who serves a host name (lower case, without port): null = nobody has that address, port null = its bot
   * does not run.
   */
  route: (host: string) => { port: number | null } | null
  /** 0 = any free one. */
  port: number
}

export type Served = { port: number; close: () => Promise<void> }

const botHost = '127.0.0.1'
/** Of the connection only, not of the message; a proxy must not pass them on (RFC 9110 7.6.1). */
const hopByHop = ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'te', 'trailer']

/** What Traefik is for a real Coolify: leads `<slug>.bots.localhost` to the bot's port, WebSockets too. */
export async function serveRouter({ route, port }: RouterOptions): Promise<Served> {
  const sockets = new Set<Duplex>()
  const server = createServer((incoming, reply) => forward(route, incoming, reply))
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('upgrade', (incoming, socket, head) => upgrade(route, incoming, socket, head))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, botHost, resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () => new Promise((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    }),
  }
}

const hostOf = (incoming: IncomingMessage): string => (incoming.headers.host ?? '').replace(/:\d+$/, '').toLowerCase()

function forward(route: RouterOptions['route'], incoming: IncomingMessage, reply: ServerResponse): void {
  const found = route(hostOf(incoming))
  if (found === null) return page(reply, 404, 'Diese Adresse gibt es hier nicht.', 'There is nothing at this address.')
  const down = (): void => {
    if (reply.headersSent) reply.destroy()
    else page(reply, 502, 'Dieser Bot läuft gerade nicht.', 'This bot is not running right now.')
  }
  if (found.port === null) return down()
  const headers = Object.fromEntries(Object.entries(incoming.headers).filter(([name]) => !hopByHop.includes(name)))
  const { method, url: path } = incoming
  const outgoing = call({ host: botHost, port: found.port, method, path, headers: { ...headers, ...forwarded(incoming) } }, (answer) => {
    const own = Object.entries(answer.headers).filter(([name]) => !hopByHop.includes(name))
    reply.writeHead(answer.statusCode ?? 502, Object.fromEntries(own) as NodeJS.Dict<string | string[]>)
    answer.on('error', () => reply.destroy())
    answer.pipe(reply)
  })
  outgoing.on('error', down)
  reply.on('close', () => outgoing.destroy())
  incoming.on('error', () => outgoing.destroy())
  incoming.pipe(outgoing)
}

/** What a client claims itself is replaced, as by a proxy that nobody stands in front of. */
function forwarded(incoming: IncomingMessage): { [name: string]: string } {
  return {
    'x-forwarded-for': incoming.socket.remoteAddress ?? '', 'x-forwarded-host': incoming.headers.host ?? '',
    'x-forwarded-proto': 'http', 'x-forwarded-port': String(incoming.socket.localPort ?? ''),
  }
}

function upgrade(route: RouterOptions['route'], incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
  const found = route(hostOf(incoming))
  if (found === null || found.port === null) {
    socket.end(`HTTP/1.1 ${found === null ? '404 Not Found' : '502 Bad Gateway'}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`)
    return
  }
  const bot: Socket = connect(found.port, botHost, () => {
    const raw = incoming.rawHeaders
    const lines = raw.flatMap((name, index) => (index % 2 === 0 && !/^x-forwarded-/i.test(name) ? [`${name}: ${raw[index + 1] ?? ''}`] : []))
    const added = Object.entries(forwarded(incoming)).map(([name, value]) => `${name}: ${value}`)
    bot.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${[...lines, ...added].join('\r\n')}\r\n\r\n`)
    bot.write(head)
    bot.pipe(socket).pipe(bot)
  })
  const end = (): void => {
    bot.destroy()
    socket.destroy()
  }
  bot.on('error', end).on('close', end)
  socket.on('error', end).on('close', end)
}

function page(reply: ServerResponse, status: number, german: string, english: string): void {
  const style = 'font:18px/1.6 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem;color-scheme:light dark'
  reply.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
  reply.end(`<!doctype html><html lang="de"><meta charset="utf-8"><title>${status}</title><body style="${style}">
<p>${german}</p><p lang="en"><small>${english}</small></p></body></html>`)
}
