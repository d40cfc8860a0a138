import type { Turn, FleetPorts } from './fleet/store.ts'
import type { Work } from './work/queue.ts'
import { startsInFlightMax } from './fleet/bounds.ts'
import { step } from './fleet/step.ts'
import { sweep } from './fleet/sweep.ts'
import { botsOf } from './doors/pocketbase/bots.ts'
import { platformOf } from './doors/pocketbase/connections.ts'
import { envInt } from './doors/pocketbase/env.ts'
import { drain, lane as runLane } from './doors/pocketbase/lanes.ts'
import { fetchLogs } from './doors/pocketbase/logs.ts'
import { retain } from './doors/pocketbase/retention.ts'
import { sightsOf } from './doors/pocketbase/sights.ts'

export { serving } from './doors/pocketbase/boot.ts'
export { versionSaving } from './doors/pocketbase/catalogue.ts'
export { botCreating, botUpdating } from './doors/pocketbase/intents.ts'
export { botCreateRequested, botDeleteRequested, botDeleting, botEnriched, botUpdateRequested } from './doors/pocketbase/requests.ts'
export { botLogs } from './doors/pocketbase/logs.ts'
export { botDeployed, botOrdered } from './doors/pocketbase/verbs.ts'
export { ready } from './doors/pocketbase/ready.ts'
export { secureHeaders } from './doors/pocketbase/headers.ts'
export { secretTouched } from './doors/pocketbase/secrets.ts'
export { serverDeleting, serverSaving, serverUpdateRequested } from './doors/pocketbase/servers.ts'
export { summary } from './doors/pocketbase/summary.ts'
export { tenantDeleting, tenantUpdating } from './doors/pocketbase/tenants.ts'

function ports(app: PbApp): FleetPorts {
  return {
    bots: botsOf(app), sights: sightsOf(app), platform: (connection) => platformOf(app, connection),
    now: Date.now, random: Math.random, startsInFlightMax: envInt('STARTS_IN_FLIGHT', startsInFlightMax),
  }
}

/** One turn on one claimed key, by its queue. */
function turn(app: PbApp, work: Work): Turn {
  switch (work.queue) {
    case 'fleet': return step(ports(app), work.key, work.attempts)
    case 'sweep': return sweep(ports(app), work.key, work.attempts)
    case 'logs': return fetchLogs(app, work)
    case 'retention': return retain(app)
  }
}

/** A work lane; each minute's tick starts the next one under the same number. */
export function lane(number: number): void {
  runLane($app, number, turn)
}

/** `onTerminate`: let turns in flight end. */
export function terminating(e: PbEvent): void {
  drain(e.app)
  e.next()
}
