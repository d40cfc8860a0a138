import type { Application, ServiceRow } from './records.ts'
import type { RunnerState } from './runner.ts'

/**
 * What a push writes for one container. Health `starting` counts as healthy (coolify #9411), and a container
 * that ended after restarts is a crash loop.
 */
export function containerStatus({ state, health, restarts }: RunnerState): string {
  if (state === 'running') return `running:${health === 'starting' ? 'healthy' : health}`
  if (state === 'restarting') return 'restarting:unknown'
  return state === 'exited' && restarts > 0 ? 'degraded:unhealthy' : 'exited'
}

/**
 * The status that the API shows: computed when it is read, from what was written before
 * (app/Models/Service.php, app/Services/ContainerStatusAggregator.php).
 */
export function serviceStatus(row: ServiceRow): string {
  if (row.activity === 'running') return 'starting:unhealthy'
  if (row.applications.length === 0) return 'unknown:unknown:excluded'
  const counted = row.applications.filter(({ excluded }) => !excluded)
  if (counted.length > 0) return aggregated(counted)
  const hidden = aggregated(row.applications)
  return hidden === 'exited' ? 'exited' : `${hidden}:excluded`
}

function aggregated(applications: Application[]): string {
  const statuses = applications.map(({ status }) => status)
  const [first = 'exited'] = statuses
  const states = statuses.map((status) => status.split(':')[0] ?? '')
  if (states.includes('degraded') || states.includes('restarting')) return 'degraded:unhealthy'
  const running = states.filter((state) => state === 'running').length
  if (running > 0 && states.includes('exited')) return 'degraded:unhealthy'
  if (running === 0) return first === 'exited' ? 'exited' : first
  const healths = statuses.map((status) => status.split(':')[1] ?? 'unknown')
  const worst = ['unhealthy', 'unknown'].find((health) => healths.includes(health))
  return `running:${worst ?? 'healthy'}`
}
