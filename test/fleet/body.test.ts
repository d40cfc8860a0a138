import { describe, expect, test } from 'vitest'
import { SERVER_FIELDS, checkBody } from '../../pb_hooks_src/fleet/body.ts'
import { can } from '../../pb_hooks_src/fleet/can.ts'
import { sentence } from '../../pb_hooks_src/fleet/sentences.ts'

const said = (body: object, verb: 'create' | 'update' = 'create', superuser = false) =>
  checkBody(body as { [name: string]: unknown }, verb, superuser).map((refusal) => `${refusal.field} ${refusal.code}`)

describe('the body of a request', () => {
  test.each([
    ['what a portal sends', { name: 'x', template_version: 'abc', answers: { A: 1 }, secrets: { B: 'c' }, cpu_milli: 500 }, []],
    ['an unknown field', { name: 'x', colour: 'red' }, ['colour unknown_field']],
    ['a field of the server’s', { status: 'running', generation: 9 }, ['status server_only_field', 'generation server_only_field']],
    ['a word for a number', { memory_mib: 'abc' }, ['memory_mib not_whole_number']],
    ['a fraction', { memory_mib: 1.5 }, ['memory_mib not_whole_number']],
    ['a negative size', { cpu_milli: -1 }, ['cpu_milli not_whole_number']],
    ['a number as text', { cpu_milli: '500' }, ['cpu_milli not_whole_number']],
    ['a list of answers', { answers: ['a'] }, ['answers not_an_object']],
    ['a secret as bare text', { secrets: 'geheim' }, ['secrets not_an_object']],
    ['a wrong state', { desired_state: 'deleted' }, ['desired_state not_one_of']],
    ['a number for a name', { name: 7 }, ['name not_text']],
    ['an action at create', { action: 'restart' }, ['action unknown_field']],
  ])('%s', (_name, body, expected) => {
    expect(said(body)).toEqual(expected)
  })

  test('an unknown action names what is possible, in both languages', () => {
    const [refusal] = checkBody({ action: 'explode' }, 'update', false)
    expect(refusal && sentence(refusal, 'de')).toBe('Erlaubt ist: restart, redeploy.')
    expect(refusal && sentence(refusal, 'en')).toBe('Allowed: restart, redeploy.')
  })

  test('the dashboard’s whole form passes, with JSON fields as text', () => {
    const form: { [name: string]: unknown } = { id: 'x', name: 'n', answers: '{"A":1}', secrets: null, created: '', updated: '', action: '', desired_state: 'deleted' }
    for (const field of SERVER_FIELDS) form[field] = 'anything'
    expect(said(form, 'update', true)).toEqual([])
  })
})

describe('verbs', () => {
  const bot = { phase: 'running' as const, desired: 'running' as const, suspended: false, url: 'http://x' }
  test.each([
    ['running', bot, ['open', 'stop', 'restart', 'redeploy', 'edit', 'destroy']],
    ['stopped', { ...bot, phase: 'stopped' as const, desired: 'stopped' as const }, ['start', 'edit', 'destroy']],
    ['failed', { ...bot, phase: 'failed' as const }, ['start', 'stop', 'restart', 'redeploy', 'edit', 'destroy']],
    ['being deleted', { ...bot, phase: 'deleting' as const, desired: 'deleted' as const }, []],
    ['suspended', { ...bot, phase: 'suspended' as const, suspended: true }, []],
  ])('%s', (_name, given, verbs) => expect(can(given, true)).toEqual(verbs))
  test('a viewer may open', () => expect(can(bot, false)).toEqual(['open']))
})
