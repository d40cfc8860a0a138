import { describe, expect, it } from 'vitest'
import { catalogueSentences } from '../../pb_hooks_src/catalogue/sentences.ts'
import { parseVersion } from '../../pb_hooks_src/catalogue/template.ts'
import { checkVersion } from '../../pb_hooks_src/catalogue/whitelist.ts'
import { rawVersion, versionOf } from './fixture.ts'

/** Places in the raw version and their new values; a place that ends in `.+` adds to a list. */
type Change = Record<string, unknown>

function apply(raw: any, change: Change): void {
  for (const [place, value] of Object.entries(change)) {
    const steps = place.split('.')
    const last = steps.pop() ?? ''
    const parent = steps.reduce((node, step) => node[step], raw)
    if (last === '+') parent.push(value)
    else parent[last] = value
  }
}

const label = { de: 'Frage', en: 'Question' }
const extra = (more: object): Change => ({ 'questions.+': { key: 'EXTRA', kind: 'plain', label, ...more } })
const env = (key: string, value = 'x'): Change => ({ [`services.0.environment.${key}`]: value })
const json = (content: unknown): Change => ({ 'files.0.content': JSON.stringify(content) })
const volume = { name: 'state', service: 'bot', mount: '/data', uid: 1, gid: 1, backup: true }

describe('compose keys that are not on the list do not exist', () => {
  const forbidden =
    'privileged cap_add devices network_mode networks pid ipc ports env_file extends build container_name ' +
    'sysctls logging volumes security_opt userns_mode labels restart image extra_hosts secrets configs tmpfs user'
  it.each(forbidden.split(' '))('%s', (key) => {
    const raw = rawVersion('echo')
    apply(raw, { [`services.0.${key}`]: ['x'] })
    const { version, refusals } = parseVersion(raw)
    expect(version).toBeNull()
    expect(refusals).toEqual([{ field: `services.0.${key}`, code: 'key_not_allowed', params: { key } }])
  })
  it.each<[string, Change, string]>([
    ['another schema', { schema_version: 2 }, 'schema_version'],
    ['a service key with an underscore', { 'services.0.key': 'my_bot' }, 'services.0.key'],
    ['a short digest', { 'images.0.digest': 'sha256:abc' }, 'images.0.digest'],
    ['port 0', { 'endpoints.0.port': 0 }, 'endpoints.0.port'],
    ['no services', { services: [] }, 'services'],
  ])('%s is malformed', (_, change, field) => {
    const raw = rawVersion('echo')
    apply(raw, change)
    expect(parseVersion(raw).refusals).toEqual([{ field, code: 'malformed', params: { field } }])
  })
})

const faults: [string, string, Change][] = [
  ['image_tag_moves', 'images.0.tag', { 'images.0.tag': 'latest' }],
  ['image_tag_moves', 'images.0.tag', { 'images.0.tag': 'main-slim' }],
  ['image_tag_shape', 'images.0.tag', { 'images.0.tag': '1.0 beta' }],
  ['image_repository_shape', 'images.0.repository', { 'images.0.repository': 'echo-bot' }],
  ['image_digest_shape', 'images.0.digest', { 'images.0.digest': `sha256:${'0'.repeat(64)}` }],
  ['image_per_service', 'images', { images: [] }],
  ['shares_sum', 'services', { 'services.0.share': 50 }],
  ['service_unknown', 'endpoints.0.service', { 'endpoints.0.service': 'web' }],
  ['service_unknown', 'health.service', { 'health.service': 'web' }],
  ['one_primary_endpoint', 'endpoints', { 'endpoints.0.primary': false }],
  ['required', 'health.command', { 'health.kind': 'exec' }],
  ['json_needs_node', 'health.expect_json', { 'health.probe': 'wget' }],
  ['name_twice', 'volumes', { 'volumes.+': { ...volume, mount: '/other' } }],
  ['mount_twice', 'volumes', { 'volumes.+': { ...volume, name: 'more' } }],
  ['tmpfs_shape', 'runtime.tmpfs.0', { 'runtime.tmpfs': ['/tmp'] }],
  ['tmpfs_shape', 'runtime.tmpfs.0', { 'runtime.tmpfs': ['/tmp:size=1m,exec'] }],
  ['tmpfs_shape', 'runtime.tmpfs.0', { 'runtime.tmpfs': ['/proc:size=1m'] }],
  ['user_is_root', 'runtime.user', { 'runtime.user': '0:0' }],
  ['user_is_root', 'runtime.user', { 'runtime.user': 'node' }],
  ['variable_reserved', 'questions.11.key', extra({ key: 'LD_PRELOAD' })],
  ['variable_name_shape', 'services.0.environment.A-B', env('A-B')],
  ['variable_twice', 'services.0.environment.GREETING', env('GREETING')],
  ['value_leading_dollar', 'services.0.environment.X', env('X', '$HOME')],
  ['name_twice', 'questions', extra({ key: 'TONE' })],
  ['pattern_broken', 'questions.11.pattern', extra({ pattern: '(', pattern_error: label })],
  ['pattern_broken', 'questions.11.pattern', extra({ pattern: '\\p{L}+', pattern_error: label })],
  ['pattern_broken', 'questions.11.pattern', extra({ pattern: '(?<=a)b', pattern_error: label })],
  ['text_missing', 'questions.11.pattern_error', extra({ pattern: 'a' })],
  ['text_missing', 'questions.11.label', extra({ label: { de: 'Nur deutsch', en: '' } })],
  ['text_missing', 'questions.1.options.0.label', { 'questions.1.options.0.label.en': ' ' }],
  ['text_missing', 'release_notes', { 'release_notes.de': '' }],
  ['text_missing', 'instructions.after', { 'instructions.after.en': '' }],
  ['default_refused', 'answers.EXTRA', extra({ default: 'b', pattern: 'a', pattern_error: label })],
  ['default_refused', 'answers.REPEATS', { 'questions.3.default': 9 }],
  ['default_refused', 'answers.TONE', { 'questions.1.default': 'loud' }],
  ['secret_default', 'questions.6.default', { 'questions.6.default': 'preset-key' }],
  ['required', 'questions.11.options', extra({ kind: 'enum' })],
  ['required', 'questions.11.source', extra({ kind: 'platform' })],
  ['required', 'questions.11.template', extra({ kind: 'derived' })],
  ['only_for_kind', 'questions.11.source', extra({ source: 'llm_model' })],
  ['multiline_variable', 'questions.11.variable', extra({ multiline: true })],
  ['file_not_json', 'files.0.content', { 'files.0.content': '{' }],
  ['placeholder_unknown', 'files.0.content', json({ a: '${answers.NOPE}' })],
  ['placeholder_unknown', 'files.0.content', json({ a: '${secrets.API_KEY}' })],
  ['placeholder_unknown', 'files.0.content', json({ a: '${answers.API_KEY}' })],
  ['placeholder_unknown', 'files.0.content', json({ a: '${file.config}' })],
  ['placeholder_unknown', 'files.0.content', json({ a: '${platform.llm_key}' })],
  ['placeholder_unknown', 'files.0.content', json({ $when: 'secrets.NOPE' })],
  ['placeholder_unknown', 'services.0.environment.X', env('X', '${bot.password}')],
  ['placeholder_unknown', 'questions.11.template', extra({ kind: 'derived', template: '${answers.EXTRA}' })],
  ['placeholder_unknown', 'command_from', { command_from: 'answers.GREETING' }],
]
for (const mount of [
  '/proc',
  '/sys/fs',
  '/dev/shm',
  '/etc/x',
  '/var/run/docker.sock',
  '/usr/bin',
  '/data/../etc',
  '/a b',
]) {
  faults.push(['mount_forbidden', 'volumes.0.mount', { 'volumes.0.mount': mount }])
}
for (const target of ['/etc/passwd', '/etc/ssl/cert.pem', '/run/x/y', '/file']) {
  faults.push(['mount_forbidden', 'files.0.target', { 'files.0.target': target }])
}
for (const key of [
  'PATH',
  'LD_PRELOAD',
  'DOCKER_HOST',
  'COOLIFY_URL',
  'SERVICE_URL_X',
  'NODE_OPTIONS',
  'path',
]) {
  faults.push(['variable_reserved', `services.0.environment.${key}`, env(key)])
}

describe('each fault of a version has its code', () => {
  it.each(faults)('%s on %s', (code, field, change) => {
    const refusals = checkVersion(versionOf('echo', (raw) => apply(raw, change)))
    expect(refusals.map((refusal) => [refusal.code, refusal.field])).toContainEqual([code, field])
    for (const refusal of refusals) {
      if (refusal.code === 'required') continue
      const text = catalogueSentences[refusal.code]?.de ?? ''
      expect(text).not.toBe('')
      const needed = [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      expect(Object.keys(refusal.params ?? {})).toEqual(expect.arrayContaining(needed))
    }
  })
  it('allows a reserved name that the version claims', () => {
    const change = {
      ...env('NODE_OPTIONS', '--max-old-space-size=100'),
      'runtime.reserved_allowed': ['NODE_OPTIONS'],
    }
    expect(checkVersion(versionOf('echo', (raw) => apply(raw, change)))).toEqual([])
  })
})
