import type { FleetPorts, Turn } from './store.ts'
import { jitter, retryDelayMs } from './retry.ts'
import * as bounds from './bounds.ts'

/**
 * One turn of a server's sweep: the status of all its services in one call, kept as the fleet's sight.
 * @param attempts how often in a row the sweep failed, for its back-off
 */
export function sweep(ports: FleetPorts, server: string, attempts: number): Turn {
  const home = ports.sights.server(server)
  if (home === null) return { kind: 'done' }
  const startedAt = ports.now()
  const list = ports.platform(home.connection).sweep(home.platformServer)
  if (list.kind === 'ok') {
    const moving = ports.sights.keep(server, startedAt, list.value)
    return { kind: 'again', due: startedAt + pauseMs(moving, ports.random()), error: '' }
  }
  const message = list.kind === 'gone' ? 'the platform does not know this server' : list.message
  const code = list.kind === 'wait' || list.kind === 'refused' ? list.code
    : list.kind === 'gone' ? 'platform_unknown' : 'platform_unreachable'
  ports.sights.miss(server, code, message)
  const pause = list.kind === 'wait' ? list.retryMs : retryDelayMs(attempts, ports.random())
  return { kind: 'again', due: startedAt + pause, error: message }
}

function pauseMs(moving: number, random: number): number {
  if (moving === 0) return jitter(bounds.sweepQuietMs, random)
  if (moving < bounds.someMovingMin) return bounds.sweepFewMs
  return moving < bounds.manyMovingMin ? bounds.sweepSomeMs : bounds.sweepManyMs
}
