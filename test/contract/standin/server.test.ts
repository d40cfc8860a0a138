import { get } from 'node:http'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { FaultKind } from '../../../local/coolify/faults.ts'
import type { ServedCoolify } from '../../../local/coolify/server.ts'
import { Coolify } from '../../../local/coolify/coolify.ts'
import { MemoryRunner } from '../../../local/coolify/runner/memory.ts'
import { serveCoolify } from '../../../local/coolify/server.ts'
import { full, seeded, server as serverUuid } from './asking.ts'
import { until } from './built.ts'

const secret = 'control-secret'
let coolify: Coolify
let served: ServedCoolify

beforeEach(async () => {
  const runner = new MemoryRunner({ now: Date.now, startMs: 50 })
  coolify = new Coolify({
    now: Date.now, random: seeded(1), runner, servers: [{ uuid: serverUuid, name: 'one' }], statusLagMs: 200,
    startMs: 50, stopMs: 50, pickMs: 10, tokens: [{ token: full, abilities: ['root'] }],
  })
  served = await serveCoolify(coolify, 0, secret)
})
afterEach(() => served.close())

/** One exchange over a socket: the answer, or how the connection failed. */
async function ask(method: string, path: string, body?: object, timeoutMs = 2000): Promise<{ status: number; text: string; type: string } | { failed: string }> {
  try {
    const reply = await fetch(`http://127.0.0.1:${served.port}${path}`, {
      method, signal: AbortSignal.timeout(timeoutMs),
      headers: { authorization: `Bearer ${full}`, 'content-type': 'application/json', 'x-control': secret, connection: 'close' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: reply.status, text: await reply.text(), type: reply.headers.get('content-type') ?? '' }
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } }
    return { failed: cause?.code ?? name }
  }
}

const control = (name: string, body: object = {}) => ask('POST', `/_control/${name}`, body)
const projects = () => ask('GET', '/api/v1/projects')

describe('over a socket', () => {
  test('it answers as the class does, with true lengths', async () => {
    expect(await ask('GET', '/api/v1/version')).toMatchObject({ status: 200, text: '4.3.23' })
    expect(await ask('GET', '/api/health')).toMatchObject({ status: 200, text: 'OK' })
    expect(await ask('POST', '/api/v1/projects', { name: 'Bär' })).toMatchObject({ status: 201 })
    expect(await projects()).toMatchObject({ status: 200, type: 'application/json', text: expect.stringContaining('Bär') })
    expect(await ask('GET', '/api/v1/services/x/start')).toMatchObject({ status: 405 })
  })

  test('the queue and the pushes go on without a request', async () => {
    const uuid = coolify.plantForeign('database')
    await until('running', () => coolify.services()[0]?.status === 'running:healthy')
    coolify.handStop(uuid)
    await until('exited', () => coolify.services()[0]?.status === 'exited')
  })

  test.each<[FaultKind, object, number]>([
    ['dropBefore', { failed: expect.any(String) }, 0],
    ['dropAfter', { failed: expect.any(String) }, 1],
    ['blackHole', { failed: 'TimeoutError' }, 0],
    ['halfBody', { failed: expect.any(String) }, 1],
    ['garbage', { status: 201 }, 1],
    ['status429', { status: 429 }, 0],
    ['status500After', { status: 500 }, 1],
    ['status503', { status: 503, type: 'text/html; charset=UTF-8' }, 0],
    ['duplicate', { status: 201 }, 2],
  ])('%s, switched through the control route', async (kind, outcome, made) => {
    expect(await control('faults', { [kind]: 1 })).toMatchObject({ status: 200 })
    expect(await ask('POST', '/api/v1/projects', { name: 'abc' }, 400)).toMatchObject(outcome)
    await control('reset')
    expect(JSON.parse((await projects() as { text: string }).text)).toHaveLength(made)
  })

  test('a half body announces more than it brings', async () => {
    coolify.faults.set('halfBody', 1)
    const seen = await new Promise<{ announced: number; read: number }>((resolve) => {
      get({ port: served.port, path: '/api/v1/version', headers: { authorization: `Bearer ${full}` } }, (reply) => {
        let read = 0
        reply.on('data', (chunk: Buffer) => { read += chunk.length })
        reply.on('error', () => resolve({ announced: Number(reply.headers['content-length']), read }))
      })
    })
    expect(seen.read).toBeGreaterThan(0)
    expect(seen.read).toBeLessThan(seen.announced)
  })

  test('a reset arrives as one', async () => {
    coolify.faults.set('reset', 1)
    const code = await new Promise((resolve) => {
      const socket = connect(served.port, '127.0.0.1', () => socket.write('GET /api/health HTTP/1.1\r\nhost: x\r\n\r\n'))
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code))
    })
    expect(code).toBe('ECONNRESET')
  })

  test('nobody listens during an outage, and somebody does afterwards', async () => {
    coolify.faults.outage(400)
    await until('refused', async () => {
      const outcome = await ask('GET', '/api/health')
      return 'failed' in outcome && outcome.failed === 'ECONNREFUSED'
    })
    await until('back', async () => 'status' in (await ask('GET', '/api/health')))
  })

  test('a hang makes every answer late', async () => {
    await control('hang', { ms: 150 })
    const from = Date.now()
    expect(await projects()).toMatchObject({ status: 200 })
    expect(Date.now() - from).toBeGreaterThanOrEqual(145)
    expect(await ask('GET', '/api/v1/projects', undefined, 50)).toEqual({ failed: 'TimeoutError' })
    await control('hang', { ms: 0 })
  })

  test('the control route needs its secret, knows its words and tells the journal', async () => {
    const reply = await fetch(`http://127.0.0.1:${served.port}/_control/journal`)
    expect(reply.status).toBe(403)
    expect(await control('nothing')).toMatchObject({ status: 404 })
    expect(await control('faults', { rain: 1 })).toMatchObject({ status: 400 })
    expect(await control('faults', { reset: 2 })).toMatchObject({ status: 400 })
    expect(await control('outage')).toMatchObject({ status: 400 })
    await projects()
    const journal = JSON.parse((await ask('GET', '/_control/journal') as { text: string }).text)
    expect(journal).toMatchObject([{ method: 'GET', path: '/api/v1/projects', status: 200, fault: '' }])
    await control('token-off', { token: full })
    expect(await projects()).toMatchObject({ status: 401 })
    await control('token-on', { token: full, abilities: ['read'] })
    expect(await projects()).toMatchObject({ status: 200 })
    await control('api', { on: false })
    expect(await projects()).toMatchObject({ status: 403 })
    await control('api')
    const { text } = await control('foreign', { name: 'database' }) as { text: string }
    expect(JSON.parse((await ask('GET', '/_control/services') as { text: string }).text)).toMatchObject([{ uuid: JSON.parse(text).uuid, name: 'database' }])
  })

  test('without a secret there is no control route', async () => {
    await served.close()
    served = await serveCoolify(coolify, 0)
    expect(await ask('GET', '/_control/journal')).toMatchObject({ status: 404, text: expect.stringContaining('docs') })
  })

  test('a port that is taken is an error', async () => {
    await expect(serveCoolify(coolify, served.port)).rejects.toThrow('EADDRINUSE')
  })
})
