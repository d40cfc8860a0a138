import type { SeenService } from '../../fleet/ports.ts'
import type { Sight, Sights } from '../../fleet/store.ts'
import { dateText, epochMs } from './time.ts'
import { due } from './work.ts'
import { row, run } from './sql.ts'

type SeenRow = { swept: string; service: SeenService | null }

const moving = "('queued', 'provisioning', 'starting', 'updating', 'restarting', 'stopping', 'deleting')"

/** What the sweeps saw, kept in a plain table: writes are set-based, an unchanged bot costs no save. */
export function sightsOf(app: PbApp): Sights {
  return {
    of: (server, serviceUuid) => sight(app, server, serviceUuid),
    want: (server, at) => due(app, 'sweep', server, '', at, false),
    keep: (server, startedAt, services) => keep(app, server, startedAt, services),
    miss: (server, code, message) => {
      run(app, 'UPDATE servers SET reachable = 0, status_message = {:message} WHERE id = {:server} AND (reachable = 1 OR status_message != {:message})',
        { server, message: `${code}: ${message}`.slice(0, 300) })
    },
    server: (id) => row<{ platformServer: string; connection: string }>(app,
      "SELECT json_object('platformServer', platform_uuid, 'connection', connection) AS j FROM servers WHERE id = {:id} AND (enabled = 1 OR EXISTS (SELECT 1 FROM bot_instances WHERE server = {:id}))", { id }),
  }
}

function sight(app: PbApp, server: string, serviceUuid: string): Sight {
  const found = row<SeenRow>(app, `SELECT json_object('swept', s.swept_at, 'service', CASE WHEN n.service_uuid IS NULL THEN NULL ELSE
    json_object('uuid', n.service_uuid, 'name', n.name, 'state', n.state, 'health', n.health) END) AS j
    FROM servers s LEFT JOIN seen_services n ON n.server = s.id AND n.service_uuid = {:service} WHERE s.id = {:server}`,
  { server, service: serviceUuid })
  if (found === null) return { sweptAt: 0, service: null }
  return { sweptAt: epochMs(found.swept), service: found.service }
}

/**
 * Replaces the sight of one server by a complete list and wakes the bots concerned: those whose service
 * changed, appeared or vanished, and those that wait for something to show.
 */
function keep(app: PbApp, server: string, startedAt: number, services: SeenService[]): number {
  const at = dateText(startedAt)
  const list = JSON.stringify(services)
  let left = 0
  app.runInTransaction((tx) => {
    run(tx, `INSERT INTO work (queue, key, tenant, due, lease, owner, attempts, revision, error)
      SELECT 'fleet', b.id, b.tenant, {:now}, '', '', 0, 1, '' FROM bot_instances b
      LEFT JOIN seen_services o ON o.server = b.server AND o.service_uuid = b.platform_service
      LEFT JOIN (SELECT json_extract(value, '$.uuid') AS uuid, json_extract(value, '$.state') AS state, json_extract(value, '$.health') AS health
        FROM json_each({:list})) n ON n.uuid = b.platform_service
      WHERE b.server = {:server} AND b.platform_service != '' AND (b.status IN ${moving}
        OR coalesce(o.state, '') != coalesce(n.state, '') OR coalesce(o.health, '') != coalesce(n.health, ''))
      ON CONFLICT (queue, key) DO UPDATE SET due = min(due, excluded.due), revision = revision + 1`,
    { now: dateText(Date.now()), list, server })
    run(tx, `DELETE FROM seen_services WHERE server = {:server}
      AND service_uuid NOT IN (SELECT json_extract(value, '$.uuid') FROM json_each({:list}))`, { server, list })
    run(tx, `INSERT INTO seen_services (server, service_uuid, name, state, health, at, misses)
      SELECT {:server}, json_extract(value, '$.uuid'), json_extract(value, '$.name'), json_extract(value, '$.state'), json_extract(value, '$.health'), {:at}, 0
      FROM json_each({:list}) WHERE true
      ON CONFLICT (server, service_uuid) DO UPDATE SET name = excluded.name, state = excluded.state, health = excluded.health, at = excluded.at`,
    { server, at, list })
    run(tx, "UPDATE servers SET reachable = 1, status_message = '', swept_at = {:at} WHERE id = {:server}", { at, server })
    left = row<number>(tx, `SELECT count(*) AS j FROM bot_instances WHERE server = {:server} AND platform_service != '' AND status IN ${moving}`, { server }) ?? 0
  })
  return left
}
