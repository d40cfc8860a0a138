import type { SeenHealth, SeenService, SeenState } from '../../fleet/ports.ts'
import type { WireService } from './wire.ts'

const STATES: readonly SeenState[] = ['running', 'starting', 'restarting', 'degraded', 'paused', 'exited']
const HEALTHS: readonly SeenHealth[] = ['healthy', 'unhealthy']

/**
 * Reads Coolify's status text: `state[:health[:excluded]]`, such as `running:healthy` or `exited`
 * (app/Services/ContainerStatusAggregator.php). It is split and compared whole, because `unhealthy` contains
 * `healthy`. What is not known to us is `unknown`, never a guess.
 */
export function statusOf(status: string | null | undefined): { state: SeenState; health: SeenHealth } {
  const [state = '', health = ''] = (status ?? '').trim().toLowerCase().split(':')
  return {
    state: STATES.find((known) => known === state) ?? 'unknown',
    health: HEALTHS.find((known) => known === health) ?? 'unknown',
  }
}

/**
 * One service in the words of the fleet. A service whose compose document was never parsed (Coolify answers
 * a create with 500 and keeps the row) has no applications: its state is `unknown`, whatever its status says.
 */
export function seenService(wire: WireService): SeenService {
  const unparsed = wire.applications?.length === 0 && (wire.databases ?? []).length === 0
  const { state, health } = statusOf(unparsed ? null : wire.status)
  return { uuid: wire.uuid, name: wire.name ?? '', state, health }
}
