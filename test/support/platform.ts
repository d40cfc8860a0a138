import { Coolify } from '../../local/coolify/coolify.ts'
import { Faults } from '../../local/coolify/faults.ts'
import { MemoryRunner } from '../../local/coolify/runner/memory.ts'
import { serveCoolify } from '../../local/coolify/server.ts'

export const platformServer = 'server0000000000000000aa'
export const platformToken = '1|abcdefghijklmnopqrstuvwxyz0123456789ABCD12345678'

/** What makes every template of the catalogue deployable in a test. */
export const offered: Record<string, string> = {
  IMAGE_DIGESTS: `registry.cloudfreedom.example/echo-bot:1.0.0=sha256:${'a'.repeat(64)},ghcr.io/openclaw/openclaw:2026.7.35=sha256:${'b'.repeat(64)}`,
  LLM_ROUTER_URL: 'http://llm.localhost/v1', LLM_ROUTER_KEY: 'router-key-of-the-tests', LLM_MODEL: 'small',
}

/** The stand-in for Coolify over HTTP, with bots that live in memory and states that follow within half a second. */
export async function startPlatform(different: { version?: string; abilities?: string[]; apiEnabled?: boolean; startMs?: number } = {}) {
  const runner = new MemoryRunner({ now: Date.now, startMs: different.startMs ?? 200 })
  const faults = new Faults(Math.random)
  const coolify = new Coolify({
    now: Date.now, random: Math.random, servers: [{ uuid: platformServer, name: 'one' }], runner, faults, statusLagMs: 300, statusForceMs: 300, startMs: different.startMs ?? 200,
    tokens: [{ token: platformToken, abilities: different.abilities ?? ['read', 'write', 'deploy'] }], rateLimitPerMinute: 100_000,
    ...(different.version === undefined ? {} : { version: different.version }), ...(different.apiEnabled === undefined ? {} : { apiEnabled: different.apiEnabled }),
  })
  const served = await serveCoolify(coolify, 0)
  return {
    coolify, runner, faults, url: `http://127.0.0.1:${served.port}`, close: () => served.close(),
    /** What PocketBase has to know to use it. */
    env: {
      ...offered, COOLIFY_URL: `http://127.0.0.1:${served.port}`, COOLIFY_TOKEN: platformToken, COOLIFY_SERVER_UUID: platformServer,
      BOTS_BASE_URL: 'http://bots.localhost:8100', COOLIFY_CALLS_PER_MINUTE: '3000',
    } as Record<string, string>,
  }
}

export type Platform = Awaited<ReturnType<typeof startPlatform>>
