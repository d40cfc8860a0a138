import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { HttpReply } from '../../../pb_hooks_src/doors/coolify/http.ts'
import type { Verb } from './recorded.ts'
import { answer, everyVerb, readers, recorded, settings, verbs } from './recorded.ts'

const outcomeOf = (verb: Verb, reply: HttpReply) => everyVerb[verb](recorded(reply).platform)
const html = '<html><body>502 Bad Gateway</body></html>'

/** Answers that mean the same for every verb: the call did not happen and may be tried again. */
const waits: [string, HttpReply, string, number][] = [
  ['no or an expired token', answer(401, { message: 'Unauthenticated.' }), 'platform_token_refused', 60_000],
  ['a token whose user left the team',
    answer(401, { message: 'Invalid token.' }), 'platform_token_refused', 60_000],
  ['a token without a team',
    answer(400, { message: 'Invalid token.', docs: 'x' }), 'platform_token_refused', 60_000],
  ['the API is off',
    answer(403, { success: true, message: 'API is disabled.' }), 'platform_api_disabled', 60_000],
  ['an address not on the list',
    answer(403, { success: true, message: 'You are not allowed to access the API.' }),
    'platform_ip_refused', 60_000],
  ['an ability is missing',
    answer(403, { message: 'Missing required permissions: write' }), 'platform_token_weak', 60_000],
  ['the owner lost the role',
    answer(403, { message: 'Missing required team role.' }), 'platform_token_weak', 60_000],
  ['forbidden with a second sentence',
    answer(403, { message: 'Not allowed here.', error: 'Unauthorized' }), 'platform_token_weak', 60_000],
  ['a firewall in front', answer(403, '<h1>403 Forbidden</h1>'), 'platform_ip_refused', 60_000],
  ['too many calls',
    answer(429, { message: 'Too Many Attempts.' }, { 'retry-after': '7' }), 'platform_busy', 7_000],
  ['too many calls, other spelling',
    answer(429, { message: 'Too Many Attempts.' }, { 'Retry-After': '60' }), 'platform_busy', 60_000],
  ['too many calls without a time', answer(429, { message: 'Too Many Attempts.' }), 'platform_busy', 30_000],
  ['too many calls with a date',
    answer(429, '', { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }), 'platform_busy', 30_000],
  ['too many calls until tomorrow', answer(429, '', { 'retry-after': '86400' }), 'platform_busy', 300_000],
  ['nobody listens', { kind: 'unreachable', message: 'connection refused' }, 'platform_unreachable', 15_000],
  ['a redirect nobody followed', answer(301, ''), 'platform_unreachable', 15_000],
]

/** Answers after which nobody knows what a mutation did. */
const unclear: [string, HttpReply][] = [
  ['no answer in time', { kind: 'lost', message: 'context deadline exceeded' }],
  ['the connection was cut', { kind: 'lost', message: 'read: connection reset by peer' }],
  ['half a body', { kind: 'cut', status: 201 }],
  ['half an error', { kind: 'cut', status: 404 }],
  ['a server error', answer(500, { message: 'Server Error' })],
  ['a bad gateway', answer(502, html)],
  ['maintenance', answer(503, { message: 'Service Unavailable' })],
  ['a gateway time-out', answer(504, html)],
  ['a success with a page', answer(200, html)],
  ['a success with half a JSON', answer(201, '{"uuid":"abc","domai')],
  ['a success with nothing', answer(200, '')],
  ['a success with null', answer(200, 'null')],
  ['the proxy does not know the host', answer(404, '404 page not found\n')],
  ['a 404 in JSON that is not Coolify\'s', answer(404, { code: 404 })],
  ['a 409 from somewhere else', answer(409, 'conflict')],
]

describe.each(verbs)('%s', (verb) => {
  test.each(waits)('waits: %s', (_reason, reply, code, retryMs) => {
    expect(outcomeOf(verb, reply)).toMatchObject({ kind: 'wait', code, retryMs })
  })

  test.each(unclear)('is unclear: %s', (_reason, reply) => {
    const looking = { kind: 'wait', code: 'platform_unreachable' }
    expect(outcomeOf(verb, reply)).toMatchObject(readers.includes(verb) ? looking : { kind: 'unknown' })
  })

  test('a route that this version lacks is refused, and no resource is called gone', () => {
    const reply = answer(404, { message: 'Not found.', docs: 'https://coolify.io/docs' })
    expect(outcomeOf(verb, reply)).toMatchObject({ kind: 'refused', code: 'platform_route_missing' })
  })

  test('the wrong method is refused', () => {
    const reply = answer(405, { message: 'This endpoint has changed to a POST request.' }, { allow: 'POST' })
    expect(outcomeOf(verb, reply)).toMatchObject({ kind: 'refused', code: 'platform_refused' })
  })

  test('what the transport throws passes through: the call budget holds calls back that way', () => {
    expect(() => everyVerb[verb](recorded().platform)).toThrow('no reply was recorded')
  })
})

/** Errors of single verbs, with the bodies of the controllers. */
const single: [string, Verb, HttpReply, object][] = [
  ['service gone', 'look', answer(404, { message: 'Service not found.' }), { kind: 'gone' }],
  ['service gone', 'start', answer(404, { message: 'Service not found.' }), { kind: 'gone' }],
  ['service gone', 'stop', answer(404, { message: 'Service not found.' }), { kind: 'gone' }],
  ['service gone', 'restart', answer(404, { message: 'Service not found.' }), { kind: 'gone' }],
  ['service gone', 'remove', answer(404, { message: 'Service not found.' }), { kind: 'gone' }],
  ['service gone', 'update', answer(404, { message: 'Service not found.' }), { kind: 'gone' }],
  ['service gone', 'variables', answer(404, { message: 'Service not found.' }), { kind: 'gone' }],
  ['model not found', 'look',
    answer(404, { message: 'No query results for model [Service].' }), { kind: 'gone' }],
  ['environment gone', 'find', answer(404, { message: 'Environment not found.' }), { kind: 'gone' }],
  ['project gone', 'environment', answer(404, { message: 'Project not found.' }), { kind: 'gone' }],
  ['server gone', 'sweep', answer(404, { message: 'Server not found.' }), { kind: 'gone' }],
  ['service gone', 'logs', answer(404, { message: 'Service not found.' }), { kind: 'gone' }],
  ['a container that vanished is not a service that vanished', 'logs',
    answer(404, { message: 'Container not found.' }), { kind: 'refused', code: 'container_not_running' }],
  ['no logs of a dead container', 'logs',
    answer(400, { message: 'Container is not running.' }),
    { kind: 'refused', code: 'container_not_running' }],
  ['already running', 'start',
    answer(400, { message: 'Service is already running.' }), { kind: 'ok', value: 'already' }],
  ['already stopped', 'stop',
    answer(400, { message: 'Service is already stopped.' }), { kind: 'ok', value: 'already' }],
  ['not our 400', 'start',
    answer(400, { message: 'Invalid request.', error: 'Empty JSON.' }),
    { kind: 'refused', code: 'platform_refused' }],
  ['several destinations', 'create',
    answer(400, { message: 'Server has multiple destinations and you do not set destination_uuid.' }),
    { kind: 'refused', code: 'platform_refused' }],
  ['environment there', 'environment',
    answer(409, { message: 'Environment with this name already exists.' }), { kind: 'ok', value: 'there' }],
  ['environment not there any more', 'removeEnvironment',
    answer(404, { message: 'Environment not found.' }), { kind: 'ok', value: null }],
  ['environment in use', 'removeEnvironment',
    answer(400, { message: 'Environment has resources, so it cannot be deleted.' }),
    { kind: 'wait', code: 'platform_still_deleting', retryMs: 5_000 }],
  ['domain taken', 'create',
    answer(409, { message: 'Domain conflicts detected.', conflicts: [{ domain: 'https://x' }], warning: 'w' }),
    { kind: 'refused', code: 'domain_taken' }],
  ['domain taken', 'update',
    answer(409, { message: 'Taken.', conflicts: [], warning: 'w' }),
    { kind: 'refused', code: 'domain_taken' }],
  ['variable there', 'variables',
    answer(409, { message: 'Environment variable already exists. Use PATCH request to update it.' }),
    { kind: 'refused', code: 'platform_refused' }],
  ['fields as a map', 'create',
    answer(422, { message: 'Validation failed.', errors: { server_uuid: ['wrong'], 'urls.0.url': 'wrong' } }),
    { message: 'create the service: the platform answered 422 (server_uuid, urls, url): Validation failed.' }],
  ['fields as a list', 'create',
    answer(422, { message: 'Validation failed.', errors: ['Invalid URL: https://x'] }),
    { kind: 'refused', message: 'create the service: the platform answered 422: Validation failed.' }],
  ['no fields', 'create',
    answer(422, { message: 'Server is a build server.' }),
    { kind: 'refused', message: 'create the service: the platform answered 422: Server is a build server.' }],
  ['too large for the web server', 'create',
    answer(413, '<h1>413</h1>'), { kind: 'refused', code: 'platform_refused' }],
]

test.each(single)('%s: %s', (_reason, verb, reply, expected) => {
  expect(outcomeOf(verb, reply)).toMatchObject(expected)
})

describe('what a message may say', () => {
  test('one line, bounded, with the cause of a failed connection but without its address', () => {
    const long = outcomeOf('create', answer(422, { message: `a\n\tb\u0000${'c'.repeat(5_000)}` }))
    expect(long).toMatchObject({ kind: 'refused' })
    const message = 'message' in long ? long.message : ''
    expect(message.length).toBeLessThan(300)
    expect(message).toMatch(/a b c/)
    const dialled = 'Post "https://coolify.example.de/api/v1/services": dial tcp 10.1.2.3:443: refused'
    expect(outcomeOf('create', { kind: 'unreachable', message: dialled })).toMatchObject({
      message: 'create the service: the connection was refused',
    })
  })

  /** Every kind of reply, with a text in each place where a platform could put one. */
  function replies(text: string): HttpReply[] {
    const errors = { [text]: [text], value: text, 'data.0.value': text }
    const body = { message: text, error: text, errors, docs: text }
    const statuses = [200, 201, 302, 400, 401, 403, 404, 405, 409, 413, 418, 422, 429, 500, 502, 503]
    return [
      { kind: 'lost', message: text }, { kind: 'unreachable', message: text }, { kind: 'cut', status: 200 },
      ...statuses.flatMap((status) => [
        answer(status, body, { 'retry-after': text, location: text }),
        answer(status, text, { 'x-error': text }),
        answer(status, { message: text }), answer(status, [{ uuid: 'e1', key: text, value: text }]),
      ]),
    ]
  }

  test('a secret that is sent never comes back in an outcome, wherever the platform repeats it', () => {
    const sent = `${Object.values(settings).join(' ')} KEY is_literal data value platform answered`
    const secret = fc.string({ minLength: 8, maxLength: 60, unit: 'grapheme-ascii' })
      .filter((text) => !text.includes("'") && !sent.includes(text) && !/^[a-z ]+$/.test(text))
    const row = (key: string, value: string) => ({ uuid: 'e1', key, value })
    const good = (value: string) => answer(200, [row('KEY', value), row('OLD', value)])
    fc.assert(fc.property(secret, (text) => {
      for (const reply of replies(text)) {
        for (const before of [[], [good(text)], [good(text), good(text)]]) {
          const { platform } = recorded(...before, reply)
          const outcome = platform.variables('u1', { KEY: text }, ['OLD'])
          expect(JSON.stringify(outcome)).not.toContain(JSON.stringify(text).slice(1, -1))
        }
      }
    }), { numRuns: 100 })
  })

  test('neither does a secret that cannot be sent, nor the token, whatever the transport says', () => {
    const { platform, requests } = recorded()
    const outcome = platform.variables('u1', { KEY: "sk-geheim'oder\nnicht" }, [])
    const message = 'the value of KEY has a single quote or a line break'
    expect(outcome).toEqual({ kind: 'refused', code: 'platform_refused', message })
    expect(requests).toEqual([])
    for (const verb of verbs) {
      const lost = outcomeOf(verb, { kind: 'lost', message: `Authorization: Bearer ${settings.token}` })
      expect(JSON.stringify(lost)).not.toContain(settings.token)
    }
  })
})
