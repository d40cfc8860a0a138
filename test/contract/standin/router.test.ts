import { createServer, type Server } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { serveRouter, type RouterOptions, type Served } from '../../../local/coolify/router.ts'
import { ask } from './built.ts'

const toClose: (() => unknown)[] = []
afterEach(async () => { for (const close of toClose.splice(0)) await close() })

/** A program behind the router that says what reached it, and speaks back after an upgrade. */
async function behind(): Promise<number> {
  const server: Server = createServer((request, reply) => {
    let body = ''
    request.on('data', (chunk) => { body += String(chunk) })
    request.on('end', () => {
      reply.writeHead(201, { 'x-own': 'yes', connection: 'keep-alive' })
      reply.end(JSON.stringify({ method: request.method, path: request.url, headers: request.headers, body }))
    })
  })
  server.on('upgrade', (request, socket) => {
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nupgrade: echo\r\nconnection: Upgrade\r\n\r\n${request.headers['x-forwarded-host']}|`)
    socket.on('data', (chunk) => socket.write(`<${String(chunk)}>`)).on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  toClose.push(() => { server.closeAllConnections(); server.close() })
  return (server.address() as { port: number }).port
}

async function routed(route: RouterOptions['route']): Promise<Served> {
  const served = await serveRouter({ route, port: 0 })
  toClose.push(served.close)
  return served
}

describe('the way of a request', () => {
  test('method, path, body and headers pass; who asked is added, and a claim about it is not believed', async () => {
    const port = await behind()
    const served = await routed((host) => (host === 'anna.bots.localhost' ? { port } : null))
    const reply = await ask(served.port, '/a?b=c', {
      host: `Anna.bots.localhost:${served.port}`, body: 'hello', headers: { 'x-forwarded-for': '6.6.6.6', 'x-mine': '1' },
    })
    expect([reply.status, reply.headers['x-own']]).toEqual([201, 'yes'])
    const seen = JSON.parse(reply.text) as { headers: Record<string, string> }
    expect(seen).toMatchObject({ method: 'POST', path: '/a?b=c', body: 'hello' })
    expect(seen.headers).toMatchObject({
      'x-mine': '1', 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http', 'x-forwarded-port': String(served.port),
      'x-forwarded-host': `Anna.bots.localhost:${served.port}`,
    })
  })

  test('an unknown host is 404, one that does not run 502, one that does not answer 502', async () => {
    const hosts: Record<string, { port: number | null }> = { 'down.x': { port: null }, 'dead.x': { port: 1 } }
    const served = await routed((host) => hosts[host] ?? null)
    const status = async (host: string) => (await ask(served.port, '/', { host })).status
    expect(await status('other.x')).toBe(404)
    expect(await status('down.x')).toBe(502)
    expect(await status('dead.x')).toBe(502)
    expect((await ask(served.port, '/', { host: 'down.x' })).text).toContain('läuft gerade nicht')
  })
})

describe('an upgrade', () => {
  /** What comes back on a raw connection until `end` has come. */
  function talk(port: number, host: string, say: string, end: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let text = ''
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(`GET /ws HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n`)
      })
      let said = false
      socket.on('data', (chunk) => {
        text += String(chunk)
        if (!said && text.includes('101')) said = socket.write(say)
        if (text.includes(end)) socket.destroy()
      })
      socket.on('close', () => resolve(text)).on('error', reject)
    })
  }

  test('both sides speak through it', async () => {
    const port = await behind()
    const served = await routed(() => ({ port }))
    const text = await talk(served.port, 'anna.x', 'ping', '<ping>')
    expect(text).toMatch(/^HTTP\/1\.1 101/)
    expect(text).toContain('anna.x|')
  })

  test('without a bot it is refused', async () => {
    const served = await routed((host) => (host === 'down.x' ? { port: null } : null))
    expect(await talk(served.port, 'down.x', '', '\r\n\r\n')).toMatch(/^HTTP\/1\.1 502/)
    expect(await talk(served.port, 'none.x', '', '\r\n\r\n')).toMatch(/^HTTP\/1\.1 404/)
  })

  test('the close ends open connections', async () => {
    const port = await behind()
    const served = await routed(() => ({ port }))
    const talking = talk(served.port, 'anna.x', 'ping', 'never')
    await new Promise((resolve) => setTimeout(resolve, 100))
    await served.close()
    expect(await talking).toContain('<ping>')
  })
})
