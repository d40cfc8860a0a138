import { describe, expect, it } from 'vitest'
import { renderJson } from '../../pb_hooks_src/catalogue/config-file.ts'
import { RenderError } from '../../pb_hooks_src/catalogue/placeholder.ts'
import { render, secretValues } from '../../pb_hooks_src/catalogue/render.ts'
import { customImage, inputFor, servicesOf, sha256, versionOf } from './fixture.ts'

const echo = versionOf('echo')
const custom = versionOf('custom-image')
const customAnswers = {
  IMAGE: customImage,
  PORT: 3000,
  RUN_AS: '1000:1000',
  HEALTH_TOOL: 'none',
  HEALTH_PATH: '/',
}

describe('files', () => {
  it('have a path that changes with their content and is told to the program', () => {
    const bindOf = (TONE: string) => {
      const answers = { GREETING: 'Hi', TONE, SHOUT: false, REPEATS: 1 }
      const bot = servicesOf(render(inputFor(echo, { answers }), sha256).compose)['bot']
      return {
        path: bot?.environment['BOT_CONFIG'] ?? '',
        bind: bot?.volumes?.find((volume) => volume.type === 'bind'),
      }
    }
    const first = bindOf('formal')
    expect(first.path).toBe(`/etc/echo/echo-${sha256(first.bind?.content ?? '').slice(0, 8)}.json`)
    expect(first.bind).toMatchObject({
      target: first.path,
      source: `./${first.path.split('/').pop()}`,
      read_only: true,
    })
    expect(bindOf('short').path).not.toBe(first.path)
    expect(bindOf('formal')).toEqual(first)
  })
  const scope = { answers: { A: 'x"y', N: 3, OFF: false, NONE: null }, platform: {}, bot: {}, file: {} }
  it.each<[string, unknown, unknown]>([
    ['a text', { a: 'v ${answers.A}' }, { a: 'v x"y' }],
    ['a number keeps its type', { a: '${answers.N}' }, { a: 3 }],
    ['$when keeps', { $when: 'answers.A', a: 1 }, { a: 1 }],
    ['$when drops', { b: { $when: 'answers.NONE', a: 1 }, c: 1 }, { c: 1 }],
    ['$when drops from a list', { b: [1, { $when: 'answers.OFF', a: 1 }] }, { b: [1] }],
    ['$value', { a: { $when: 'answers.A', $value: ['${answers.N}'] } }, { a: [3] }],
    ['$value without', { a: { $when: 'answers.OFF', $value: 1 } }, {}],
    ['$else', { a: { $when: 'answers.OFF', $value: 1, $else: 2 } }, { a: 2 }],
    ['a set secret', { a: { $when: 'secrets.S', $value: true } }, { a: true }],
    ['an unset secret', { a: { $when: 'secrets.T', $value: true, $else: false } }, { a: false }],
  ])('%s', (_, content, expected) => {
    expect(JSON.parse(renderJson('x', JSON.stringify(content), scope, ['S']))).toEqual(expected)
  })
  it('refuses broken JSON', () => expect(() => renderJson('x', '{', scope, [])).toThrow(RenderError))
})

describe('the custom image', () => {
  const answers = {
    ...customAnswers,
    COMMAND: 'node server.js --name "Mein $Bot"',
    HEALTH_TOOL: 'wget',
    HEALTH_PATH: '/health',
    VARIABLES: '# c\nMODE = quiet\n\nPRICE=5$',
  }
  const secrets = { SECRET_VARIABLES: 'TOKEN=abc-1\nPASSWORD=def=2' }
  it('takes image, command, port, variables and health from the answers', () => {
    const rendered = render(inputFor(custom, { answers, secrets }), sha256)
    expect(servicesOf(rendered.compose)['app']).toMatchObject({
      image: customImage,
      command: ['node', 'server.js', '--name', 'Mein $$Bot'],
      environment: { MODE: 'quiet', PRICE: '5$$', PORT: '3000' },
      healthcheck: { test: ['CMD', 'wget', '-q', '-O', '/dev/null', 'http://127.0.0.1:3000/health'] },
    })
    expect(rendered.variables).toEqual({ TOKEN: 'abc-1', PASSWORD: 'def=2' })
    expect(rendered.urls).toEqual([{ name: 'app', url: 'https://anna.bots.example.de:3000' }])
    expect(rendered.logService).toBe('app')
  })
  it('has no health check unless a tool is named', () => {
    expect(
      servicesOf(render(inputFor(custom, { answers: customAnswers }), sha256).compose)['app'],
    ).not.toHaveProperty('healthcheck')
  })
  it('hides every single variable from the log', () => {
    expect(secretValues(custom, secrets)).toEqual([secrets.SECRET_VARIABLES, 'abc-1', 'def=2'])
  })
})
