import type { SeenHealth, SeenService, SeenState } from '../../fleet/ports.ts'
import type { WireService } from './wire.ts'

const STATES: readonly SeenState[] = ['running', 'starting', 'restarting', 'degraded', 'paused', 'exited']
const HEALTHS: readonly SeenHealth[] = ['healthy', 'unhealthy']

type Status = { state: SeenState; health: SeenHealth }

/** A sweep reads thousands of statuses of which there are two dozen kinds. */
const known = new Map<string, Status>()
const knownMax = 200

/**
 * Reads Coolify's status text: `state[:health[:excluded]]`, such as `running:healthy` or `exited`
 * (app/Services/ContainerStatusAggregator.php). It is split and compared whole, because `unhealthy` contains
 * `healthy`. What is not known to us is `unknown`, never a guess.
 */
export function statusOf(status: string | null | undefined): Status {
  const text = status ?? ''
  const before = known.get(text)
  if (before !== undefined) return before
  const [first = '', second = ''] = text.trim().toLowerCase().split(':')
  const found: Status = {
    state: STATES.find((state) => state === first) ?? 'unknown',
    health: HEALTHS.find((health) => health === second) ?? 'unknown',
  }
  if (known.size < knownMax) known.set(text, found)
  return found
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
