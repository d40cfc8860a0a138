import { describe, expect, test } from 'vitest'
import type { HttpReply } from '../../../pb_hooks_src/doors/coolify/http.ts'
import type { FaultKind } from '../../../local/coolify/faults.ts'
import { FAULT_KINDS, Faults } from '../../../local/coolify/faults.ts'
import { transport } from '../../../local/coolify/transport.ts'
import { Asking, full, seeded } from './asking.ts'

const base = 'http://coolify.local'

/** One POST of a project through the in-process transport. */
function post(asking: Asking, url = base): HttpReply {
  return transport(asking.coolify, base)({
    method: 'POST', url: `${url}/api/v1/projects`, timeoutSeconds: 20, body: JSON.stringify({ name: 'abc' }),
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${full}` },
  })
}

const list = (asking: Asking): HttpReply => transport(asking.coolify, base)({
  method: 'GET', url: `${base}/api/v1/servers/server0000000000000000aa/resources`, timeoutSeconds: 20, body: '',
  headers: { Authorization: `Bearer ${full}` },
})

function struck(kind: FaultKind, seed = 1): Asking {
  const faults = new Faults(seeded(seed))
  const asking = new Asking({}, faults)
  faults.set(kind, 1)
  return asking
}

const projects = (asking: Asking): number => {
  asking.coolify.faults.reset()
  return asking.ask('GET', '/projects').json.length
}

describe('a fault of a mutation', () => {
  test.each<[FaultKind, object, number]>([
    ['dropBefore', { kind: 'lost' }, 0],
    ['dropAfter', { kind: 'lost' }, 1],
    ['blackHole', { kind: 'lost' }, 0],
    ['halfBody', { kind: 'cut', status: 201 }, 1],
    ['garbage', { kind: 'answer', status: 201, text: expect.stringContaining('<<<') }, 1],
    ['wrongType', { kind: 'answer', status: 201, headers: expect.objectContaining({ 'content-type': 'text/html; charset=UTF-8' }) }, 1],
    ['status429', { kind: 'answer', status: 429, headers: expect.objectContaining({ 'retry-after': '7' }) }, 0],
    ['status500Before', { kind: 'answer', status: 500 }, 0],
    ['status500After', { kind: 'answer', status: 500 }, 1],
    ['status503', { kind: 'answer', status: 503 }, 0],
    ['duplicate', { kind: 'answer', status: 201 }, 2],
    ['latency', { kind: 'answer', status: 201 }, 1],
    ['staleList', { kind: 'answer', status: 201 }, 1],
    ['emptyList', { kind: 'answer', status: 201 }, 1],
  ])('%s', (kind, reply, made) => {
    const asking = struck(kind)
    expect(post(asking)).toMatchObject(reply)
    expect(asking.coolify.journal.at(-1)).toMatchObject({ method: 'POST', path: '/api/v1/projects' })
    expect(projects(asking)).toBe(made)
  })

  test.each<[FaultKind, object]>([
    ['reset', { kind: 'lost' }], ['status502', { kind: 'answer', status: 502 }],
  ])('%s sometimes got through and sometimes did not', (kind, reply) => {
    const made = Array.from({ length: 20 }, (_, seed) => {
      const asking = struck(kind, seed)
      expect(post(asking)).toMatchObject(reply)
      return projects(asking)
    })
    expect([...new Set(made)].sort()).toEqual([0, 1])
  })

  test('lateCommit takes effect after the client gave up', () => {
    const asking = struck('lateCommit')
    expect(post(asking)).toMatchObject({ kind: 'lost' })
    expect(projects(asking)).toBe(0)
    expect(asking.coolify.idle).toBe(false)
    asking.pass(20_000)
    expect(projects(asking)).toBe(1)
    expect(asking.coolify.idle).toBe(true)
  })

  test('every kind is tested here', () => {
    const tested = ['dropBefore', 'dropAfter', 'blackHole', 'halfBody', 'garbage', 'wrongType', 'status429', 'status500Before',
      'status500After', 'status503', 'duplicate', 'latency', 'staleList', 'emptyList', 'reset', 'status502', 'lateCommit']
    expect([...FAULT_KINDS].sort()).toEqual(tested.sort())
  })
})

describe('a fault of a status list', () => {
  test('emptyList is a whole answer without entries', () => {
    const asking = struck('emptyList')
    asking.coolify.plantForeign('database')
    expect(list(asking)).toMatchObject({ kind: 'answer', status: 200, text: '[]' })
  })

  test('staleList is an answer of the last minute', () => {
    const asking = struck('staleList')
    asking.coolify.faults.set('staleList', 0)
    list(asking)
    asking.pass(30_000)
    asking.coolify.plantForeign('database')
    expect(list(asking)).toMatchObject({ text: expect.stringContaining('database') })
    asking.coolify.faults.set('staleList', 1)
    expect(list(asking)).toMatchObject({ status: 200, text: '[]' })
    asking.pass(61_000)
    expect(list(asking)).toMatchObject({ text: expect.stringContaining('database') })
  })
})

describe('modes', () => {
  test('an outage refuses connections for its time', () => {
    const asking = new Asking()
    asking.coolify.faults.outage(5000)
    expect(post(asking)).toMatchObject({ kind: 'unreachable' })
    asking.pass(5000)
    expect(post(asking)).toMatchObject({ kind: 'answer', status: 201 })
    expect(projects(asking)).toBe(1)
  })

  test('a hang is lost for a client that does not wait so long, and got through', () => {
    const asking = new Asking()
    asking.coolify.faults.hang(30_000)
    expect(post(asking)).toMatchObject({ kind: 'lost' })
    asking.coolify.faults.hang(10_000)
    expect(post(asking)).toMatchObject({ kind: 'answer' })
    expect(projects(asking)).toBe(2)
  })

  test('another address is unreachable', () => {
    expect(post(new Asking(), 'http://other.local')).toMatchObject({ kind: 'unreachable' })
  })

  test('a probability outside 0 to 1 is refused', () => {
    const faults = new Faults(seeded(1))
    expect(() => faults.set('reset', 1.1)).toThrow(RangeError)
    expect(() => faults.set('reset', Number.NaN)).toThrow(RangeError)
  })

  test('the same seed gives the same faults, in about the share that was set', () => {
    const kinds = (seed: number): string[] => {
      const faults = new Faults(seeded(seed))
      const asking = new Asking({ rateLimitPerMinute: 100_000 }, faults)
      faults.set('dropAfter', 0.2)
      faults.set('garbage', 0.1)
      for (let i = 0; i < 500; i++) post(asking)
      return asking.coolify.journal.map(({ fault }) => fault)
    }
    const first = kinds(5)
    expect(kinds(5)).toEqual(first)
    expect(kinds(6)).not.toEqual(first)
    const share = (kind: string): number => first.filter((one) => one === kind).length / first.length
    expect(share('dropAfter')).toBeGreaterThan(0.14)
    expect(share('dropAfter')).toBeLessThan(0.26)
    expect(share('garbage')).toBeGreaterThan(0.06)
    expect(share('garbage')).toBeLessThan(0.14)
  })
})
