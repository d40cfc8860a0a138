import type { Entitlements, Holding } from '../../fleet/quota.ts'
import type { World } from '../../fleet/admit.ts'
import { missingValues } from './env.ts'
import { row } from './sql.ts'
import { serverRooms, slugTaken } from './places.ts'
import { secretsSet } from './secrets.ts'
import { offerOf, versionSpec } from './versions.ts'

/** Subscriptions in these states allow new and larger bots. */
const usable = "('trialing', 'active', 'past_due')"

/**
 * Everything an admission is judged against, read inside the transaction that will store the bot.
 * @param bot id of the bot that changes (left out of the sums); empty for a new one
 * @param version id of the template version; `keep` allows one that is not offered any more
 */
export function worldOf(tx: PbApp, tenant: string, bot: string, version: string, keep: boolean, now: number): World {
  const status = row<string>(tx, 'SELECT json_quote(status) AS j FROM tenants WHERE id = {:tenant}', { tenant })
  const entitlements = row<Entitlements>(tx, `SELECT entitlements AS j FROM subscriptions WHERE tenant = {:tenant} AND status IN ${usable}`, { tenant })
  const others = row<Holding>(tx, `SELECT json_object('bots', count(*), 'cpuMilli', coalesce(sum(cpu_milli), 0),
    'memoryMib', coalesce(sum(memory_mib), 0), 'diskMib', coalesce(sum(disk_mib), 0),
    'deleting', (SELECT count(*) FROM bot_instances WHERE tenant = {:tenant} AND desired_state = 'deleted')) AS j
    FROM bot_instances WHERE tenant = {:tenant} AND desired_state != 'deleted' AND id != {:bot}`, { tenant, bot })
  const offer = offerOf(tx, version)
  const offered = offer !== null && offer.published && (offer.tenant === '' || offer.tenant === tenant)
    && (offer.visibility === 'public' || offer.visibility === 'beta')
  return {
    tenant: { id: status === null ? '' : tenant, status: status ?? '' },
    entitlements,
    others: others ?? { bots: 0, deleting: 0, cpuMilli: 0, memoryMib: 0, diskMib: 0 },
    version: offered || (keep && offer !== null) ? versionSpec(tx, version) : null,
    servers: serverRooms(tx, bot),
    secretsSet: bot === '' ? [] : Object.keys(secretsSet(tx, bot)),
    missingValues: missingValues(),
    slugTaken: (slug) => slugTaken(tx, slug, tenant, now),
    randomSuffix: () => $security.randomStringWithAlphabet(6, 'abcdefghijkmnpqrstuvwxyz23456789'),
  }
}
