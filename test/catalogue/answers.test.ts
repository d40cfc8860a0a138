import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import {
  answersSchema,
  checkAnswers,
  formQuestions,
  missingGenerated,
} from '../../pb_hooks_src/catalogue/answers.ts'
import { catalogueSentences } from '../../pb_hooks_src/catalogue/sentences.ts'
import { utf8Length } from '../../pb_hooks_src/catalogue/value.ts'
import { customImage, versionOf } from './fixture.ts'

const echo = versionOf('echo')
const custom = versionOf('custom-image')
const openclaw = versionOf('openclaw')
const create = { secretsSet: [], mode: 'create' } as const
const update = { secretsSet: ['API_KEY'], mode: 'update' } as const
const strict = versionOf('echo', (raw) => {
  raw.questions[6].required = true
  raw.questions.push({
    key: 'FIXED',
    kind: 'plain',
    label: { de: 'Fest', en: 'Fixed' },
    default: 'a',
    editable: false,
  })
  raw.questions.push({ key: 'NOTE', kind: 'plain', label: { de: 'Notiz', en: 'Note' }, max: 60000 })
})

describe('each refusal has its code, its field and a sentence', () => {
  const needed = { IMAGE: customImage }
  const table: [string, string, ReturnType<typeof versionOf>, unknown, unknown][] = [
    ['unknown_answer', 'answers.WHAT', echo, { WHAT: 1 }, {}],
    ['unknown_answer', 'answers.API_KEY', echo, { API_KEY: 'in-the-wrong-place' }, {}],
    ['unknown_answer', 'answers.__proto__', echo, JSON.parse('{"__proto__": 1}'), {}],
    ['unknown_secret', 'secrets.WHAT', echo, {}, { WHAT: 'x' }],
    ['unknown_secret', 'secrets.SESSION_KEY', echo, {}, { SESSION_KEY: 'mine' }],
    ['not_an_object', 'answers', echo, ['a'], {}],
    ['not_an_object', 'secrets', echo, {}, 'abc'],
    ['not_text', 'answers.GREETING', echo, { GREETING: 5 }, {}],
    ['not_text', 'secrets.API_KEY', echo, {}, { API_KEY: 12345678 }],
    ['not_number', 'answers.REPEATS', echo, { REPEATS: '2' }, {}],
    ['not_boolean', 'answers.SHOUT', echo, { SHOUT: 'true' }, {}],
    ['not_an_option', 'answers.TONE', echo, { TONE: 'loud' }, {}],
    ['not_url', 'answers.WEBSITE', echo, { WEBSITE: 'javascript:alert(1)' }, {}],
    ['not_url', 'answers.WEBSITE', echo, { WEBSITE: 'https://' }, {}],
    ['not_email', 'answers.CONTACT', echo, { CONTACT: 'anna@' }, {}],
    ['number_not_whole', 'answers.REPEATS', echo, { REPEATS: 2.5 }, {}],
    ['number_too_small', 'answers.REPEATS', echo, { REPEATS: 0 }, {}],
    ['number_too_large', 'answers.REPEATS', echo, { REPEATS: 6 }, {}],
    ['too_short', 'secrets.API_KEY', echo, {}, { API_KEY: 'short' }],
    ['too_long', 'answers.GREETING', echo, { GREETING: 'x'.repeat(121) }, {}],
    ['pattern_mismatch', 'secrets.TELEGRAM_BOT_TOKEN', openclaw, {}, { TELEGRAM_BOT_TOKEN: 'abc' }],
    ['pattern_mismatch', 'answers.TELEGRAM_OWNER_ID', openclaw, { TELEGRAM_OWNER_ID: '12345 or more' }, {}],
    ['required', 'answers.IMAGE', custom, {}, {}],
    ['required', 'answers.IMAGE', custom, { IMAGE: '  ' }, {}],
    ['required', 'secrets.API_KEY', strict, {}, {}],
    ['secret_required', 'secrets.API_KEY', strict, {}, { API_KEY: null }],
    ['not_editable', 'answers.FIXED', strict, { FIXED: 'b' }, { API_KEY: 'long-enough' }],
    ['value_line_break', 'answers.GREETING', echo, { GREETING: 'a\nb' }, {}],
    ['control_characters', 'answers.GREETING', echo, { GREETING: 'a\u0000b' }, {}],
    ['value_leading_dollar', 'answers.GREETING', echo, { GREETING: '$HOME' }, {}],
    ['value_too_large', 'answers.NOTE', strict, { NOTE: 'ä'.repeat(17_000) }, { API_KEY: 'long-enough' }],
    ['image_without_digest', 'answers.IMAGE', custom, { IMAGE: 'ghcr.io/firma/bot:latest' }, {}],
    ['image_without_digest', 'answers.IMAGE', custom, { IMAGE: `bot@sha256:${'ab'.repeat(32)}` }, {}],
    ['command_unreadable', 'answers.COMMAND', custom, { ...needed, COMMAND: 'node "server' }, {}],
    ['variable_line_unreadable', 'answers.VARIABLES', custom, { ...needed, VARIABLES: 'A=1\nno sign' }, {}],
    ['variable_twice', 'answers.VARIABLES', custom, { ...needed, VARIABLES: 'A=1\nA=2' }, {}],
    [
      'variable_twice',
      'secrets.SECRET_VARIABLES',
      custom,
      { ...needed, VARIABLES: 'A=1' },
      { SECRET_VARIABLES: 'A=2' },
    ],
    ['variable_reserved', 'answers.VARIABLES', custom, { ...needed, VARIABLES: 'LD_PRELOAD=/data/x.so' }, {}],
    [
      'variable_reserved',
      'secrets.SECRET_VARIABLES',
      custom,
      needed,
      { SECRET_VARIABLES: 'SERVICE_PASSWORD_X=1' },
    ],
    [
      'too_many_variables',
      'answers.VARIABLES',
      custom,
      { ...needed, VARIABLES: Array.from({ length: 61 }, (_, i) => `V${i}=1`).join('\n') },
      {},
    ],
    ['value_single_quote', 'secrets.SECRET_VARIABLES', custom, needed, { SECRET_VARIABLES: "A=it's" }],
    [
      'value_double_brace',
      'secrets.SECRET_VARIABLES',
      custom,
      needed,
      { SECRET_VARIABLES: 'A={{team.KEY}}' },
    ],
  ]
  it.each(table)('%s on %s', (code, field, version, answers, secrets) => {
    const { refusals } = checkAnswers(version, answers, secrets, create)
    expect(refusals.map((refusal) => [refusal.code, refusal.field])).toEqual([[code, field]])
    const shared = ['required', 'not_text', 'not_an_object', 'too_long', 'control_characters']
    if (shared.includes(code)) return
    for (const text of [catalogueSentences[code]?.de ?? '', catalogueSentences[code]?.en ?? '']) {
      const filled = text.replace(/\{(\w+)\}/g, (whole, name: string) =>
        String(refusals[0]?.params?.[name] ?? whole),
      )
      expect(filled).not.toBe('')
      expect(filled).not.toMatch(/\{\w+\}/)
    }
  })
})

describe('accepted answers', () => {
  it('fills defaults and trims on create', () => {
    const { refusals, answers, secrets } = checkAnswers(
      echo,
      { GREETING: '  Moin ' },
      { API_KEY: ' abcdefgh ' },
      create,
    )
    expect(refusals).toEqual([])
    expect(answers).toEqual({ GREETING: 'Moin', TONE: 'friendly', SHOUT: false, REPEATS: 1 })
    expect(secrets).toEqual({ API_KEY: 'abcdefgh' })
  })
  it('keeps an optional field empty on update, and refills a required one', () => {
    const { refusals, answers } = checkAnswers(echo, { GREETING: '', SHOUT: true }, {}, update)
    expect(refusals).toEqual([])
    expect(answers).toEqual({ GREETING: 'Hallo', TONE: 'friendly', SHOUT: true })
  })
  it('treats null, undefined and empty texts as not given', () => {
    expect(checkAnswers(echo, null, undefined, create).refusals).toEqual([])
    expect(checkAnswers(echo, { WEBSITE: null, CONTACT: ' ' }, { API_KEY: '' }, create)).toMatchObject({
      refusals: [],
      secrets: {},
    })
  })
  it('lets a required secret stay, and an optional one go', () => {
    expect(checkAnswers(strict, {}, {}, update).refusals).toEqual([])
    expect(checkAnswers(echo, {}, { API_KEY: null }, update)).toMatchObject({
      refusals: [],
      secrets: { API_KEY: null },
    })
  })
  it.each(['https://example.de', 'http://localhost:8080/x?y=1#z', 'https://a.b.example.de/pfad/ü'])(
    'takes the address %s',
    (url) => {
      expect(checkAnswers(echo, { WEBSITE: url }, {}, create).refusals).toEqual([])
    },
  )
  it('allows quotes in plain answers, which never pass the .env writer', () => {
    expect(checkAnswers(echo, { GREETING: "Wie geht's?" }, {}, create).refusals).toEqual([])
  })
  it('reports every wrong field at once', () => {
    const { refusals } = checkAnswers(echo, { TONE: 'x', REPEATS: 9, WHAT: 1 }, { API_KEY: 'x' }, create)
    expect(refusals.map((refusal) => refusal.field).sort()).toEqual([
      'answers.REPEATS',
      'answers.TONE',
      'answers.WHAT',
      'secrets.API_KEY',
    ])
  })
})

describe('questions', () => {
  it('shows a customer what can be seen and typed, in order', () => {
    expect(formQuestions(echo).map((question) => question.key)).toEqual([
      'GREETING',
      'TONE',
      'SHOUT',
      'REPEATS',
      'WEBSITE',
      'CONTACT',
      'API_KEY',
    ])
    expect(formQuestions(openclaw).map((question) => question.key)).toEqual([
      'TZ',
      'TELEGRAM_BOT_TOKEN',
      'TELEGRAM_OWNER_ID',
    ])
  })
  it('uses every kind of question somewhere in echo', () => {
    expect([...new Set(echo.questions.map((question) => question.kind))].sort()).toEqual([
      'boolean',
      'derived',
      'email',
      'enum',
      'generated',
      'number',
      'plain',
      'platform',
      'secret',
      'url',
    ])
  })
  it('asks for missing generated secrets once', () => {
    expect(missingGenerated(openclaw, [])).toEqual([
      { key: 'OPENCLAW_GATEWAY_TOKEN', bytes: 32, encoding: 'hex' },
    ])
    expect(missingGenerated(openclaw, ['OPENCLAW_GATEWAY_TOKEN'])).toEqual([])
  })
  it('has a schema that stands alone', () => {
    expect(answersSchema(echo).safeParse({ TONE: 'formal' }).success).toBe(true)
    expect(answersSchema(echo, 'secrets').safeParse({ TONE: 'formal' }).success).toBe(false)
  })
})

it('never throws and never lets an unknown key through', () => {
  fc.assert(
    fc.property(fc.object({ maxDepth: 2 }), fc.jsonValue(), (answers, secrets) => {
      const checked = checkAnswers(echo, answers, secrets, create)
      const known = echo.questions.map((question) => question.key)
      if (checked.refusals.length === 0)
        for (const key of Object.keys(checked.answers)) expect(known).toContain(key)
    }),
    { numRuns: 300 },
  )
})

it('is stable: accepted answers are accepted again, unchanged', () => {
  const some = fc.record({
    GREETING: fc.string({ maxLength: 140 }),
    REPEATS: fc.integer({ min: -1, max: 7 }),
    SHOUT: fc.boolean(),
  })
  fc.assert(
    fc.property(some, (raw) => {
      const once = checkAnswers(echo, raw, {}, create)
      if (once.refusals.length > 0) return
      expect(checkAnswers(echo, once.answers, {}, update).answers).toEqual(once.answers)
    }),
    { numRuns: 300 },
  )
})

it('counts bytes as UTF-8 does', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(utf8Length(text)).toBe(Buffer.byteLength(text, 'utf8'))
    }),
  )
})
