import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Faults } from './faults.ts'
import { Coolify } from './coolify.ts'
import { serveRouter } from './router.ts'
import { ProcessRunner } from './runner/process.ts'
import { Saved } from './saved.ts'
import { serveCoolify } from './server.ts'

export type LocalPlatformOptions = {
  /** Holds the database, and files and volumes of the bots. */
  dataDir: string
  /** 0 = any free one. */
  coolifyPort: number
  routerPort: number
  serverUuid: string
  token: string
  version?: string
  /** Opens `/_control` for tests in another process. */
  controlSecret?: string
  /** The built bot; without it the one that the build made. */
  program?: string
  /** As Coolify's own: the interval of status pushes. */
  statusLagMs?: number
}

export type LocalPlatform = {
  /** Of the API, without `/api/v1`. */
  url: string
  routerPort: number
  coolify: Coolify
  faults: Faults
  close(): Promise<void>
}

/** Quicker than a real one, where a push comes every minute and an image has to be pulled. */
const pace = { statusLagMs: 1000, statusForceMs: 3000, startMs: 300, stopMs: 300, pickMs: 50 }
const abilities = ['read', 'read:sensitive', 'write', 'deploy']

/**
 * Coolify, its host and its proxy on this machine: the API on one port, each started service as a small process,
 * and `<slug>.bots.localhost` on another port. What an earlier run left in `dataDir` is there again and runs.
 * @throws Error when a port is taken or the bot has not been built
 */
export async function startLocalPlatform(options: LocalPlatformOptions): Promise<LocalPlatform> {
  const { dataDir, serverUuid, token } = options
  const runner = new ProcessRunner({ dataDir: join(dataDir, 'services'), program: options.program ?? builtBot() })
  const coolify = new Coolify({
    now: Date.now, random: Math.random, runner, ...pace, tokens: [{ token, abilities }],
    servers: [{ uuid: serverUuid, name: 'local' }],
    ...(options.version === undefined ? {} : { version: options.version }),
    ...(options.statusLagMs === undefined ? {} : { statusLagMs: options.statusLagMs }),
  })
  const saved = new Saved(join(dataDir, 'coolify.json'), coolify)
  const route = (host: string): { port: number | null } | null => {
    const uuid = coolify.serviceOf(host)
    return uuid === null ? null : { port: runner.port(uuid) }
  }
  const server = await serveCoolify(coolify, options.coolifyPort, options.controlSecret ?? '')
  let router
  try {
    router = await serveRouter({ route, port: options.routerPort })
  } catch (error) {
    await server.close()
    throw error
  }
  saved.load()
  saved.watch()
  return {
    url: `http://127.0.0.1:${server.port}`, routerPort: router.port, coolify, faults: coolify.faults,
    close: async () => {
      saved.close()
      await Promise.all([server.close(), router.close(), runner.close()])
    },
  }
}

/** Beside this file when it is bundled, and in the build folder when it runs from its source. */
function builtBot(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  const places = [join(here, 'bot.mjs'), join(here, '..', '.build', 'bot.mjs')]
  const found = places.find((place) => existsSync(place))
  if (found === undefined) throw new Error('The bot is not built; run npm run build first.')
  return found
}
