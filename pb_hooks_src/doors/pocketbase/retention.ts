import type { Turn } from '../../fleet/store.ts'
import { dateText } from './time.ts'
import { run } from './sql.ts'

const dayMs = 24 * 3600 * 1000
const logDaysMax = 90
const tailHoursMax = 24
const rowsPerTurnMax = 5000

/** One turn of the `retention` queue: old log lines, cached tails of bots and addresses whose rest is over. */
export function retain(app: PbApp): Turn {
  const now = Date.now()
  const gone = run(app, 'DELETE FROM deploy_logs WHERE id IN (SELECT id FROM deploy_logs WHERE at < {:before} LIMIT {:limit})',
    { before: dateText(now - logDaysMax * dayMs), limit: rowsPerTurnMax })
  run(app, 'DELETE FROM bot_logs WHERE at < {:before}', { before: dateText(now - (tailHoursMax * dayMs) / 24) })
  run(app, 'DELETE FROM retired_hosts WHERE until < {:now}', { now: dateText(now) })
  return { kind: 'again', due: gone === rowsPerTurnMax ? now + 1000 : now + dayMs, error: '' }
}
