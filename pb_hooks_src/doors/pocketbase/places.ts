import type { Size } from '../../fleet/bot.ts'
import type { ServerRoom } from '../../fleet/placement.ts'
import { choose } from '../../fleet/placement.ts'
import { dateText } from './time.ts'
import { row, rows, run } from './sql.ts'

type Address = { base_domain: string; base_scheme: string; base_port: number }

/** All servers with what is committed on them; `except` leaves one bot out of the sums. */
export function serverRooms(tx: PbApp, except = ''): ServerRoom[] {
  return rows<ServerRoom & { enabled: unknown; maintenance: unknown }>(tx, `SELECT json_object('id', s.id, 'enabled', s.enabled, 'maintenance', s.maintenance,
    'pool', s.pool, 'overcommitCpu', s.overcommit_cpu,
    'capacity', json_object('cpuMilli', s.cpu_milli, 'memoryMib', s.memory_mib, 'diskMib', s.disk_mib),
    'reserved', json_object('cpuMilli', s.reserved_cpu_milli, 'memoryMib', s.reserved_memory_mib, 'diskMib', s.reserved_disk_mib),
    'committed', json_object('cpuMilli', coalesce(sum(b.cpu_milli), 0), 'memoryMib', coalesce(sum(b.memory_mib), 0), 'diskMib', coalesce(sum(b.disk_mib), 0))) AS j
    FROM servers s LEFT JOIN bot_instances b ON b.server = s.id${except === '' ? '' : ' AND b.id != {:except}'} GROUP BY s.id`, { except })
    .map((server) => ({ ...server, enabled: Boolean(server.enabled), maintenance: Boolean(server.maintenance) }))
}

/** Host and public address of a slug on a server. */
export function addressOf(tx: PbApp, server: string, slug: string): { host: string; url: string } {
  const base = row<Address>(tx, "SELECT json_object('base_domain', base_domain, 'base_scheme', base_scheme, 'base_port', base_port) AS j FROM servers WHERE id = {:server}", { server })
  if (base === null || base.base_domain === '') return { host: '', url: '' }
  const host = `${slug}.${base.base_domain}`
  const port = base.base_port === 0 ? '' : `:${base.base_port}`
  return { host, url: `${base.base_scheme}://${host}${port}` }
}

/** Gives a waiting bot a server if one has room now: the sum is read and the place taken in one transaction. */
export function placeBot(app: PbApp, id: string): boolean {
  let placed = false
  app.runInTransaction((tx) => {
    const stored = tx.findRecordById('bot_instances', id)
    if (stored.getString('server') !== '') return
    const size: Size = { cpuMilli: stored.getInt('cpu_milli'), memoryMib: stored.getInt('memory_mib'), diskMib: stored.getInt('disk_mib') }
    const spot = choose(serverRooms(tx), stored.getString('tenant'), size)
    if (typeof spot === 'string') return
    const address = addressOf(tx, spot.server, stored.getString('slug'))
    stored.ignoreUnchangedFields(true)
    stored.set('server', spot.server)
    stored.set('host', address.host)
    stored.set('url', address.url)
    tx.save(stored)
    placed = true
  })
  return placed
}

/** A freed address is not given to another tenant for so long: links and cookies of the old bot may still be about. */
const hostRestMs = 90 * 24 * 3600 * 1000

export function retireHost(tx: PbApp, host: string, tenant: string, now: number): void {
  if (host === '') return
  run(tx, `INSERT INTO retired_hosts (host, tenant, until) VALUES ({:host}, {:tenant}, {:until})
    ON CONFLICT (host) DO UPDATE SET tenant = excluded.tenant, until = excluded.until`, { host, tenant, until: dateText(now + hostRestMs) })
}

/** Is the slug in use, or was it another tenant's until lately? */
export function slugTaken(tx: PbApp, slug: string, tenant: string, now: number): boolean {
  const found = rows(tx, `SELECT '1' AS j FROM bot_instances WHERE slug = {:slug} AND slug != ''
    UNION ALL SELECT '1' AS j FROM retired_hosts WHERE host >= {:from} AND host < {:to} AND tenant != {:tenant} AND until > {:now} LIMIT 1`,
  { slug, from: `${slug}.`, to: `${slug}/`, tenant, now: dateText(now) })
  return found.length > 0
}
