import { bootKey, stopKey } from '../../work/queue.ts'
import { env, envInt } from './env.ts'
import { importCatalogue } from './catalogue.ts'
import { due, freeLeases } from './work.ts'
import { row, rows, run } from './sql.ts'
import { dateText } from './time.ts'

/**
 * Runs once before the server listens, after migrations: names this process, frees what earlier ones had
 * claimed, brings the environment's server and the catalogue into the records, makes periodic work due.
 */
function boot(app: PbApp): void {
  const name = $security.randomStringWithAlphabet(10, 'abcdefghijklmnopqrstuvwxyz0123456789')
  app.store().set(stopKey, false)
  freeLeases(app, name)
  serverFromEnv(app)
  importCatalogue(app)
  portalAddress(app)
  healWork(app)
  const now = Date.now()
  for (const server of rows<string>(app, 'SELECT json_quote(id) AS j FROM servers WHERE enabled = 1')) due(app, 'sweep', server, '', now, false)
  due(app, 'retention', 'daily', '', now, false)
  app.store().set(bootKey, name)
}

/** A bot without a row in the queue (somebody cleared it) would never be looked at again. */
function healWork(app: PbApp): void {
  run(app, `INSERT INTO work (queue, key, tenant, due, lease, owner, attempts, revision, error)
    SELECT 'fleet', id, tenant, {:now}, '', '', 0, 1, '' FROM bot_instances WHERE true ON CONFLICT (queue, key) DO NOTHING`, { now: dateText(Date.now()) })
}

/** `COOLIFY_SERVER_UUID` names the first server; its row is made once and follows the address from then on. */
function serverFromEnv(app: PbApp): void {
  const uuid = env('COOLIFY_SERVER_UUID')
  if (uuid === '') return
  const base = /^(https?):\/\/([a-z0-9.-]+)(?::(\d+))?$/.exec(env('BOTS_BASE_URL').replace(/\/+$/, ''))
  const address = { scheme: base?.[1] ?? 'https', domain: base?.[2] ?? '', port: Number(base?.[3] ?? 0) }
  if (address.domain === '') app.logger().warn('BOTS_BASE_URL is not set or not an address: bots get no public address')
  const known = row<string>(app, 'SELECT json_quote(id) AS j FROM servers WHERE platform_uuid = {:uuid}', { uuid })
  if (known !== null) {
    if (address.domain === '') return
    run(app, 'UPDATE servers SET base_domain = {:domain}, base_scheme = {:scheme}, base_port = {:port} WHERE id = {:known}', { ...address, known })
    moveAddresses(app, known, address)
    return
  }
  run(app, `INSERT INTO servers (name, connection, platform_uuid, country, pool, cpu_milli, memory_mib, disk_mib, reserved_cpu_milli, reserved_memory_mib,
    reserved_disk_mib, overcommit_cpu, base_domain, base_scheme, base_port, enabled, maintenance, reachable, status_message, swept_at)
    VALUES ({:name}, 'default', {:uuid}, {:country}, '', {:cpu}, {:memory}, {:disk}, 1000, 2048, 20480, 4, {:domain}, {:scheme}, {:port}, 1, 0, 0, '', '')`,
  {
    ...address, uuid, name: env('SERVER_NAME', 'server-1'), country: env('SERVER_COUNTRY', 'DE'),
    cpu: envInt('SERVER_CPU_MILLI', 12_000), memory: envInt('SERVER_MEMORY_MIB', 24_576), disk: envInt('SERVER_DISK_MIB', 1_900_000),
  })
}

/** The public address changed: every bot there gets its new one, and a turn that takes it to the platform. */
function moveAddresses(app: PbApp, server: string, address: { scheme: string; domain: string; port: number }): void {
  const url = "{:scheme} || '://' || slug || '.' || {:domain} || iif({:port} = 0, '', ':' || {:port})"
  const moved = { ...address, server, now: dateText(Date.now()) }
  run(app, `INSERT INTO work (queue, key, tenant, due, lease, owner, attempts, revision, error)
    SELECT 'fleet', id, tenant, {:now}, '', '', 0, 1, '' FROM bot_instances WHERE server = {:server} AND url != ${url}
    ON CONFLICT (queue, key) DO UPDATE SET due = excluded.due, revision = revision + 1`, moved)
  run(app, `UPDATE bot_instances SET host = slug || '.' || {:domain}, url = ${url} WHERE server = {:server} AND url != ${url}`, moved)
}

/** Mails link to the portal; without an address of ours PocketBase would write its own. */
function portalAddress(app: PbApp): void {
  const url = env('PORTAL_URL').replace(/\/+$/, '')
  const settings = app.settings()
  if (url === '' || settings.meta.appURL === url) return
  settings.meta.appURL = url
  app.save(settings)
}

/**
 * `$app.onServe`: boot, and a first cron tick 0.2 s after the server listens instead of up to a minute
 * later. Changing the interval of a running cron can deadlock, so it is changed around `next()` only.
 */
export function serving(e: PbEvent): void {
  const nanosecondsPerMs = 1_000_000
  boot(e.app)
  e.app.cron().setInterval(200 * nanosecondsPerMs)
  e.next()
  e.app.cron().setInterval(60_000 * nanosecondsPerMs)
}
