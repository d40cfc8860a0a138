import { bootKey, laneKey, lanesCount } from '../../work/queue.ts'
import { readKeyring } from '../../tenancy/keyring.ts'
import { row, run } from './sql.ts'
import { dateText, epochMs } from './time.ts'

/** A write is proven at most this often; the answer in between is the last one's. */
const probeEveryMs = 1000
const probeKey = 'ready.probe'

/**
 * `GET /api/ready`: can this process do its work? Unlike `/api/health` it writes, and it knows the
 * keyring, the catalogue, the lanes and the time zone data.
 */
export function ready(e: PbRouteEvent): void {
  const checks: { [name: string]: string } = {}
  const check = (name: string, look: () => string) => {
    try {
      checks[name] = look()
    } catch (error) {
      checks[name] = String((error as { message?: string }).message ?? error)
    }
  }
  check('keyring', () => {
    const read = readKeyring(process.env)
    return 'problem' in read ? read.problem : 'ok'
  })
  check('database', () => writeProbe(e.app))
  check('migrations', () => (row<number>(e.app, 'SELECT count(*) AS j FROM plans') ?? 0) > 0 ? 'ok' : 'the plans are missing')
  check('hooks', () => (e.app.store().get(bootKey) === undefined || e.app.store().get(bootKey) === null ? 'boot has not finished' : 'ok'))
  check('lanes', () => lanesAlive(e.app))
  check('timezone', () => (new Timezone('Europe/Berlin').string() === 'Europe/Berlin' ? 'ok' : 'time zone data is missing: install tzdata'))
  const well = Object.values(checks).every((text) => text === 'ok')
  e.response.header().set('Cache-Control', 'no-store')
  e.json(well ? 200 : 503, { ready: well, checks })
}

function writeProbe(app: PbApp): string {
  const now = Date.now()
  if (now < Number(app.store().get(probeKey) ?? 0) + probeEveryMs) return 'ok'
  run(app, "INSERT INTO tenant_turns (tenant, turn) VALUES ('ready', 0) ON CONFLICT (tenant) DO UPDATE SET turn = 0")
  app.store().set(probeKey, now)
  return 'ok'
}

/** Lanes begin with the first cron tick; a key that has been due for long means that none works. */
function lanesAlive(app: PbApp): string {
  for (let lane = 1; lane <= lanesCount; lane++) {
    if (typeof app.store().get(laneKey(lane)) !== 'string') return 'the work lanes have not started yet'
  }
  const oldest = row<string>(app, "SELECT json_quote(min(due)) AS j FROM work WHERE due != '' AND lease = ''")
  const lateMsMax = 120_000
  const late = oldest === null || oldest === '' ? 0 : Date.now() - epochMs(oldest)
  return late > lateMsMax ? `work is ${Math.round(late / 1000)} s late, since ${dateText(Date.now() - late)}` : 'ok'
}
