import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { render } from '../../pb_hooks_src/catalogue/render.ts'
import { inputFor, servicesOf, sha256, versionOf } from './fixture.ts'

/** Keys that both lines accept; OpenClaw stops with exit code 78 on a single one that it does not know. */
const shared = [
  'agents.defaults.heartbeat.every',
  'agents.defaults.model.primary',
  'agents.defaults.utilityModel',
  'browser.enabled',
  'discovery.mdns.mode',
  'gateway.auth.mode',
  'gateway.auth.rateLimit.lockoutMs',
  'gateway.auth.rateLimit.maxAttempts',
  'gateway.auth.rateLimit.windowMs',
  'gateway.auth.token',
  'gateway.bind',
  'gateway.controlUi.allowedOrigins',
  'gateway.mode',
  'gateway.port',
  'gateway.terminal.enabled',
  'gateway.trustedProxies',
  'logging.consoleStyle',
  'models.mode',
  'models.providers.router.api',
  'models.providers.router.apiKey',
  'models.providers.router.baseUrl',
  'models.providers.router.models',
  'models.providers.router.timeoutSeconds',
  'plugins.entries.admin-http-rpc.enabled',
  'plugins.entries.memory-core.config.dreaming.enabled',
  'session.dmScope',
  'session.maintenance.maxDiskBytes',
  'session.maintenance.mode',
  'session.maintenance.pruneAfter',
  'tools.agentToAgent.enabled',
  'tools.elevated.enabled',
  'tools.exec.ask',
  'tools.exec.security',
  'tools.fs.workspaceOnly',
  'tools.sessions.visibility',
  'update.checkOnStart',
]
/** Keys of 2026.9 that 2026.7.35 refuses. */
const onlyNew = [
  'agents.defaults.modelPolicy.allow',
  'gateway.cliAgents.enabled',
  'gateway.controlUi.automaticallyFetchFavicons',
  'gateway.controlUi.communityInvite',
  'gateway.nodes.pairing.sshVerify',
  'models.catalogRefresh.enabled',
  'session.maintenance.resetArchiveRetention',
  'telemetry.enabled',
]
const telegram = ['channels.telegram.botToken', 'channels.telegram.dmPolicy', 'channels.telegram.enabled']
const owner = ['channels.telegram.allowFrom', 'commands.ownerAllowFrom']
const token = { TELEGRAM_BOT_TOKEN: `123456789:${'A'.repeat(35)}` }

/** Dotted names of all leaves; a list and a reference to a secret count as one. */
function leaves(node: unknown, path = ''): string[] {
  if (node === null || typeof node !== 'object' || Array.isArray(node) || 'source' in node) return [path]
  return Object.entries(node).flatMap(([key, value]) => leaves(value, path === '' ? key : `${path}.${key}`))
}

function gatewayOf(slug: string, url: string, telegramOn: boolean, ownerId = '') {
  const answers = { TZ: 'Europe/Berlin', ...(ownerId === '' ? {} : { TELEGRAM_OWNER_ID: ownerId }) }
  const input = inputFor(versionOf(slug), { answers, secrets: telegramOn ? token : {} })
  const rendered = render({ ...input, bot: { ...input.bot, url } }, sha256)
  const gateway = servicesOf(rendered.compose)['gateway']
  if (gateway === undefined) throw new Error('no gateway')
  return {
    gateway,
    rendered,
    config: JSON.parse(gateway.volumes?.find((volume) => volume.type === 'bind')?.content ?? ''),
  }
}

describe.each([
  ['openclaw', [...shared, ...onlyNew]],
  ['openclaw-lts', shared],
])('%s', (slug, keys) => {
  const secure = [...keys, ...(slug === 'openclaw' ? ['gateway.publicOrigin'] : [])]
  it('holds exactly the keys its release knows', () => {
    expect(leaves(gatewayOf(slug, 'https://a.bots.example.de', false).config).sort()).toEqual(
      [...secure].sort(),
    )
    expect(leaves(gatewayOf(slug, 'https://a.bots.example.de', true).config).sort()).toEqual(
      [...secure, ...telegram].sort(),
    )
    expect(leaves(gatewayOf(slug, 'https://a.bots.example.de', true, '123456').config).sort()).toEqual(
      [...secure, ...telegram, ...owner].sort(),
    )
  })
  it('names its public origin only over https, which is all OpenClaw accepts', () => {
    const { config } = gatewayOf(slug, 'http://a.bots.localhost:8100', false)
    expect(leaves(config).sort()).toEqual([...keys].sort())
    expect(config.gateway.controlUi.allowedOrigins).toEqual(['http://a.bots.localhost:8100'])
  })
  it('lets only the owner write when the owner is known', () => {
    expect(gatewayOf(slug, 'https://a.example.de', true, '123456').config.channels.telegram).toMatchObject({
      enabled: true,
      dmPolicy: 'allowlist',
      allowFrom: ['tg:123456'],
      botToken: { source: 'env', provider: 'default', id: 'TELEGRAM_BOT_TOKEN' },
    })
    expect(gatewayOf(slug, 'https://a.example.de', true).config.channels.telegram.dmPolicy).toBe('pairing')
  })
  it('trusts the private ranges a proxy on Docker can have, and runs no hidden model turns', () => {
    const { config } = gatewayOf(slug, 'https://a.example.de', false)
    expect(config.gateway.trustedProxies).toEqual(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'])
    expect(config.agents.defaults).toMatchObject({
      heartbeat: { every: '0m' },
      utilityModel: '',
      model: { primary: 'router/standard' },
    })
    expect(config.tools.exec).toEqual({ security: 'deny', ask: 'always' })
  })
  it('keeps its state in the volume and its cache in memory', () => {
    const { gateway, rendered } = gatewayOf(slug, 'https://a.example.de', false)
    expect(gateway.environment).toMatchObject({
      OPENCLAW_STATE_DIR: '/home/node/.openclaw',
      OPENCLAW_NO_AUTO_UPDATE: '1',
    })
    expect(gateway.environment['OPENCLAW_CONFIG_PATH']).toMatch(
      /^\/etc\/openclaw\/openclaw-[a-f0-9]{8}\.json$/,
    )
    expect(gateway['read_only']).toBe(true)
    expect(String(gateway['tmpfs'])).toContain('/home/node/.cache:size=64m,uid=1000,gid=1000,mode=0700')
    expect(rendered.variables).toEqual({
      LLM_ROUTER_KEY: 'key-of-the-router',
      OPENCLAW_GATEWAY_TOKEN: 'f'.repeat(64),
    })
    expect(rendered.urls).toEqual([{ name: 'gateway', url: 'https://anna.bots.example.de:18789' }])
  })
})

describe('the health check asks for JSON, because OpenClaw answers unknown paths with a page and 200', () => {
  const probe = (slug: string, answer: string): number | null => {
    const { gateway } = gatewayOf(slug, 'https://a.example.de', false)
    const [, , , script] = (gateway['healthcheck'] as { test: string[] }).test
    const fake = `globalThis.fetch = async () => new Response(${answer});`
    return spawnSync(process.execPath, ['-e', `${fake}\n${script}`], { timeout: 10_000 }).status
  }
  it.each<[string, string, number]>([
    ['openclaw', `'{"ok":true,"status":"started"}'`, 0],
    ['openclaw', `'{"ok":true,"status":"starting"}', { status: 503 }`, 1],
    ['openclaw', `'<!doctype html>'`, 1],
    ['openclaw', `'null'`, 1],
    ['openclaw-lts', `'{"ready":true}'`, 0],
    ['openclaw-lts', `'{"ready":"true"}'`, 1],
    ['openclaw-lts', `'<!doctype html>'`, 1],
  ])('%s says %s: exit %i', (slug, answer, code) => expect(probe(slug, answer)).toBe(code))
})
