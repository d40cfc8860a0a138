import type { Turn } from '../../fleet/store.ts'
import type { Work } from '../../work/queue.ts'
import { plainLine, redact } from '../../tenancy/redact.ts'
import { callerOf } from './caller.ts'
import { platformOf } from './connections.ts'
import { refusalError } from './errors.ts'
import { refuse } from '../../tenancy/refusal.ts'
import { hiddenValues } from './secrets.ts'
import { logServiceOf } from './spec.ts'
import { row, run } from './sql.ts'
import { dateText, epochMs } from './time.ts'
import { due, poke } from './work.ts'

const linesMax = 200
const lineLengthMax = 2000
/** A tail younger than this is shown as it is: each fetch costs Coolify three SSH commands. */
const freshMs = 3000

type Tail = { text: string; at: string; error: string }
type Home = { tenant: string; service: string; version: string; connection: string }

/**
 * `GET /api/bots/{id}/logs`: the last tail that was fetched. Asking makes a fresh one due; nothing calls
 * the platform from a request.
 */
export function botLogs(e: PbRouteEvent): void {
  if (e.auth === null) throw new UnauthorizedError('Please sign in.')
  const caller = callerOf(e.auth, e.requestInfo().headers)
  const id = e.request.pathValue('id')
  const home = homeOf(e.app, id)
  const sees = caller.type === 'superuser' || (home !== null && home.tenant === caller.tenant) || e.auth.getString('staff') === 'operator'
  if (home === null || !sees) throw refusalError([refuse('id', 'bot_unknown')], caller.locale, 404)
  const tail = row<Tail>(e.app, "SELECT json_object('text', text, 'at', at, 'error', error) AS j FROM bot_logs WHERE bot = {:id}", { id })
  const now = Date.now()
  if (home.service !== '' && (tail === null || now > epochMs(tail.at) + freshMs)) {
    due(e.app, 'logs', id, home.tenant, now, false)
    poke(e.app)
  }
  const lines = tail === null || tail.text === '' ? [] : tail.text.split('\n')
  const state = home.service === '' || tail === null ? 'waiting' : tail.error === '' ? 'ok' : 'unavailable'
  e.json(200, { lines, at: tail?.at ?? '', state, reason: tail?.error ?? '' })
}

/** One turn of the `logs` queue: fetches a bot's tail, redacts it and keeps it for the next who asks. */
export function fetchLogs(app: PbApp, work: Work): Turn {
  const home = homeOf(app, work.key)
  if (home === null || home.service === '') return { kind: 'done' }
  const found = platformOf(app, home.connection).logs(home.service, logServiceOf(app, home.version), linesMax)
  if (found.kind === 'wait' && found.code === 'platform_budget') return { kind: 'again', due: Date.now() + found.retryMs, error: '' }
  const error = found.kind === 'ok' ? '' : found.kind === 'gone' ? 'not_running' : found.kind === 'unknown' ? 'platform_unreachable' : found.code
  const text = found.kind === 'ok' ? clean(app, work.key, found.value) : null
  run(app, `INSERT INTO bot_logs (bot, text, at, error, wanted_at) VALUES ({:bot}, {:text}, {:at}, {:error}, {:at})
    ON CONFLICT (bot) DO UPDATE SET text = CASE WHEN {:keep} = 1 THEN text ELSE excluded.text END, at = excluded.at, error = excluded.error`,
  { bot: work.key, text: text ?? '', keep: text === null ? 1 : 0, at: dateText(Date.now()), error })
  return { kind: 'done' }
}

/** A container's own output may hold anything: secrets go by value and by shape, control characters always. */
function clean(app: PbApp, bot: string, text: string): string {
  const secrets = hiddenValues(app, bot)
  const encoded = (value: string) => [Buffer.from(value).toString('base64'), encodeURIComponent(value)]
  const plain = text.split('\n').slice(-linesMax).map((line) => plainLine(line, lineLengthMax)).join('\n')
  return redact(plain, secrets, encoded).trim()
}

function homeOf(app: PbApp, id: string): Home | null {
  return row<Home>(app, `SELECT json_object('tenant', b.tenant, 'service', b.platform_service, 'version', b.template_version,
    'connection', coalesce(s.connection, '')) AS j FROM bot_instances b LEFT JOIN servers s ON s.id = b.server WHERE b.id = {:id}`, { id })
}
