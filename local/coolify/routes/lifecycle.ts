import type { Handler, Route } from '../inside.ts'
import { json, said } from '../answer.ts'
import { flag, inService } from '../inside.ts'
import { serviceStatus } from '../status.ts'

/** Both checks read the status of the database, which may be minutes old: a 400 proves nothing. */
const start = inService(({ queue, now }, _, row) => {
  if (serviceStatus(row).includes('running')) return said(400, 'Service is already running.')
  queue.add({ kind: 'start', uuid: row.uuid, pull: false }, now())
  return said(200, 'Service starting request queued.')
})

const stop = inService(({ queue, now }, _, row) => {
  if (/stopped|exited/.test(serviceStatus(row))) return said(400, 'Service is already stopped.')
  queue.add({ kind: 'stop', uuid: row.uuid }, now())
  return said(200, 'Service stopping request queued.')
})

const restart = inService(({ queue, now }, { exchange: { query } }, row) => {
  queue.add({ kind: 'restart', uuid: row.uuid, pull: flag(query['latest'], false) }, now())
  return said(200, 'Service restarting request queued.')
})

/** Since 4.2.0. */
const byPostOnly: Handler = () =>
  json(405, { message: 'This endpoint has changed to a POST request.' }, { allow: 'POST' })

const linesMax = 10_000
const linesDefault = 100
const stamp = /^\S+Z /

/** Only of a running container: the logs of one that crashed cannot be read, just when they are wanted. */
const logs = inService(({ runner }, { exchange: { query } }, row) => {
  const name = query['sub_service_name'] ?? ''
  const lines = query['lines'] === undefined ? linesDefault : Number(query['lines'])
  if (name === '') return json(422, {
    message: 'Validation failed.', errors: { sub_service_name: ['The sub service name field is required.'] },
  })
  if (!Number.isInteger(lines) || lines < 1 || lines > linesMax)
    return json(422, { message: 'Validation failed.', errors: { lines: ['The lines field must be 1 to 10000.'] } })
  const { state } = runner.state(row.uuid)
  if (!row.applications.some((application) => application.name === name) || state === 'none')
    return said(404, 'Container not found.')
  if (state !== 'running') return said(400, 'Container is not running.')
  const found = runner.logs(row.uuid, lines)
  const shown = flag(query['show_timestamps'], false) ? found : found.map((line) => line.replace(stamp, ''))
  return json(200, { logs: shown.length === 0 ? '' : `${shown.join('\n')}\n` })
})

export const lifecycleRoutes: Route[] = [
  { method: 'POST', path: '/services/*/start', ability: 'deploy', run: start },
  { method: 'POST', path: '/services/*/stop', ability: 'deploy', run: stop },
  { method: 'POST', path: '/services/*/restart', ability: 'deploy', run: restart },
  { method: 'GET', path: '/services/*/start', ability: 'deploy', run: byPostOnly },
  { method: 'GET', path: '/services/*/stop', ability: 'deploy', run: byPostOnly },
  { method: 'GET', path: '/services/*/restart', ability: 'deploy', run: byPostOnly },
  { method: 'GET', path: '/services/*/logs', ability: 'read', run: logs },
]
