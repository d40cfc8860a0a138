import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openText, readKeyring, sealText, splitCipher } from '../../pb_hooks_src/tenancy/keyring.ts'
import { plainLine, redact } from '../../pb_hooks_src/tenancy/redact.ts'

const key = 'k'.repeat(32)

describe('keyring', () => {
  test.each([
    ['nothing set', {}, /SECRETS_KEY_<id> is missing/],
    ['too short', { SECRETS_KEY_k1: 'short' }, /SECRETS_KEY_k1 must be exactly 32/],
    ['16 bytes, which would be AES-128', { SECRETS_KEY_k1: 'x'.repeat(16) }, /SECRETS_KEY_k1 must be exactly 32/],
    ['not ASCII', { SECRETS_KEY_k1: 'ä'.repeat(32) }, /SECRETS_KEY_k1/],
    ['two keys, none named', { SECRETS_KEY_k1: key, SECRETS_KEY_k2: key }, /SECRETS_ACTIVE_KEY is missing/],
    ['the named one is not there', { SECRETS_KEY_k1: key, SECRETS_ACTIVE_KEY: 'k9' }, /SECRETS_KEY_k9 is not set/],
  ])('%s: says which variable', (_name, variables, problem) => {
    const read = readKeyring(variables)
    expect('problem' in read ? read.problem : '').toMatch(problem)
    expect('problem' in read ? read.problem : '').not.toContain('x'.repeat(16))
  })
  test('an empty variable counts as not set', () => expect(readKeyring({ SECRETS_KEY_k1: key, SECRETS_KEY_k2: '' })).toEqual({ keyring: { active: 'k1', keys: { k1: key } } }))
  test('one key needs no name', () => expect(readKeyring({ SECRETS_KEY_k1: key })).toEqual({ keyring: { active: 'k1', keys: { k1: key } } }))
})

describe('a sealed secret', () => {
  const whose = { tenant: 't1', bot: 'b1', key: 'TOKEN' }
  test('opens for whom it was sealed only', () => {
    fc.assert(fc.property(fc.string(), (value) => {
      const text = sealText(whose, value)
      expect(openText(whose, text)).toBe(value)
      expect(openText({ ...whose, bot: 'b2' }, text)).toBeNull()
      expect(openText({ ...whose, tenant: 't2' }, text)).toBeNull()
      expect(openText({ ...whose, key: 'OTHER' }, text)).toBeNull()
    }))
  })
  test.each([['', null], ['k1:short', null], ['k2:' + 'A'.repeat(48), null], ['k1:' + '!'.repeat(48), null], ['A'.repeat(60), null]])('a text that would crash the decryption never reaches it: %j', (stored, expected) => {
    expect(splitCipher({ active: 'k1', keys: { k1: key } }, stored)).toBe(expected)
  })
})

describe('redaction', () => {
  const encoded = (value: string) => [Buffer.from(value).toString('base64'), encodeURIComponent(value)]
  test('no secret survives, in any of its spellings', () => {
    fc.assert(fc.property(fc.string({ minLength: 6, maxLength: 60 }), fc.string(), fc.string(), (secret, before, after) => {
      for (const spelling of [secret, ...encoded(secret)]) {
        const kept = redact(`${before}${spelling}${after}`, [secret], encoded)
        if (!'[secret]'.includes(secret)) expect(kept).not.toContain(secret)
      }
    }))
  })
  test.each([
    ['Authorization: Bearer abcdefghijklmnop1234', 'abcdefghijklmnop1234'], ['key sk-abcdefghijklmnopqrstuv', 'abcdefghijklmnopqrstuv'],
    ['telegram 123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0', 'AAHdqTcv'], ['postgres://user:hunter22@db/x', 'hunter22'],
    ['xoxb-1234567890-abcdef', '1234567890'], ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefgh', 'eyJzdWIi'],
  ])('a well-known shape goes whoever it belongs to: %s', (line, secret) => expect(redact(line, [])).not.toContain(secret))
  test('terminal escapes and text-direction tricks go, the words stay', () => {
    expect(plainLine('\u001b[31mred\u001b[0m a\u202eb \u0007end', 100)).toBe('red ab end')
  })
})
