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
const hopByHop = [
  'connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'te', 'trailer',
]

type Route = RouterOptions['route']

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

function hostOf({ headers }: IncomingMessage): string {
  return (headers.host ?? '').replace(/:\d+$/, '').toLowerCase()
}

function passedOn(headers: NodeJS.Dict<string | string[]>): NodeJS.Dict<string | string[]> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.includes(name)))
}

function forward(route: Route, incoming: IncomingMessage, reply: ServerResponse): void {
  const found = route(hostOf(incoming))
  if (found === null) return page(reply, 404, sentences.unknown)
  const down = (): void => {
    if (reply.headersSent) reply.destroy()
    else page(reply, 502, sentences.down)
  }
  if (found.port === null) return down()
  const headers = { ...passedOn(incoming.headers), ...forwarded(incoming) }
  const { method, url: path } = incoming
  const outgoing = call({ host: botHost, port: found.port, method, path, headers }, (answer) => {
    reply.writeHead(answer.statusCode ?? 502, passedOn(answer.headers))
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

function upgrade(route: Route, incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
  const found = route(hostOf(incoming))
  if (found === null || found.port === null) {
    const status = found === null ? '404 Not Found' : '502 Bad Gateway'
    socket.end(`HTTP/1.1 ${status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`)
    return
  }
  const bot: Socket = connect(found.port, botHost, () => {
    const headers = { ...incoming.headersDistinct, ...forwarded(incoming) }
    const lines = Object.entries(headers).flatMap(([name, values]) => {
      return [values ?? []].flat().map((value) => `${name}: ${value}\r\n`)
    })
    bot.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${lines.join('')}\r\n`)
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

const style = `
:root { color-scheme: light dark; font: 18px/1.6 system-ui, sans-serif }
body { max-width: 32rem; margin: 20vh auto; padding: 0 1rem }
`
const sentences = {
  unknown: { de: 'Diese Adresse gibt es hier nicht.', en: 'There is nothing at this address.' },
  down: { de: 'Dieser Bot läuft gerade nicht.', en: 'This bot is not running right now.' },
}

function page(reply: ServerResponse, status: number, { de, en }: { de: string; en: string }): void {
  reply.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
  reply.end(`<!doctype html>
<html lang="de">
<meta charset="utf-8">
<title>${status}</title>
<style>${style}</style>
<p>${de}</p>
<p lang="en"><small>${en}</small></p>
</html>
`)
}
