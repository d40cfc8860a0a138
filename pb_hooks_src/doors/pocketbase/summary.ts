import { stuckAttemptsMin } from '../../work/queue.ts'
import { rows, row } from './sql.ts'
import { dateText } from './time.ts'

const attentionMax = 100

/** `GET /api/ops/summary`: the cockpit's one look. Only operators and superusers. */
export function summary(e: PbRouteEvent): void {
  const { auth, app } = e
  if (auth === null) throw new UnauthorizedError('Please sign in.')
  if (!auth.isSuperuser() && auth.getString('staff') !== 'operator') throw new ForbiddenError('Only operators may see this.')
  e.response.header().set('Cache-Control', 'no-store')
  const phases: { [phase: string]: number } = {}
  for (const one of rows<{ phase: string; count: number }>(app, "SELECT json_object('phase', status, 'count', count(*)) AS j FROM bot_instances GROUP BY status")) phases[one.phase] = one.count
  e.json(200, {
    connections: rows(app, "SELECT json_object('name', name, 'state', state, 'reason', reason, 'version', version, 'checked_at', checked_at) AS j FROM connections ORDER BY name"),
    servers: servers(app), phases, attention: attention(app), work: work(app),
  })
}

function servers(app: PbApp): unknown[] {
  return rows(app, `SELECT json_object('id', s.id, 'name', s.name, 'country', s.country, 'cpu_milli', s.cpu_milli, 'memory_mib', s.memory_mib, 'disk_mib', s.disk_mib,
    'used', json_object('cpu_milli', coalesce(sum(b.cpu_milli), 0), 'memory_mib', coalesce(sum(b.memory_mib), 0), 'disk_mib', coalesce(sum(b.disk_mib), 0)),
    'bots', count(b.id), 'enabled', json(iif(s.enabled, 'true', 'false')), 'maintenance', json(iif(s.maintenance, 'true', 'false')),
    'reachable', json(iif(s.reachable, 'true', 'false')), 'swept_at', s.swept_at, 'status_message', s.status_message) AS j
    FROM servers s LEFT JOIN bot_instances b ON b.server = s.id GROUP BY s.id ORDER BY s.name`)
}

function attention(app: PbApp): unknown[] {
  return rows(app, `SELECT json_object('bot', b.id, 'name', b.name, 'tenant', t.name, 'status', b.status, 'status_reason', b.status_reason,
    'status_message', b.status_message, 'status_since', b.status_since) AS j FROM bot_instances b JOIN tenants t ON t.id = b.tenant
    WHERE b.status IN ('failed', 'degraded') OR b.status_reason LIKE 'platform\\_%' ESCAPE '\\' OR b.status_reason = 'waiting_for_capacity'
    ORDER BY b.status_since LIMIT ${attentionMax}`)
}

function work(app: PbApp): unknown {
  return row(app, `SELECT json_object('due', coalesce(sum(due != '' AND due <= {:now} AND lease < {:now}), 0), 'running', coalesce(sum(lease > {:now}), 0),
    'stuck', coalesce(sum(attempts >= ${stuckAttemptsMin}), 0)) AS j FROM work`, { now: dateText(Date.now()) })
}
