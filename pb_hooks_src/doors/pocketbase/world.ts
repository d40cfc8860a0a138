import type { Entitlements, Holding } from '../../fleet/quota.ts'
import type { World } from '../../fleet/admit.ts'
import { missingValues } from './env.ts'
import { row } from './sql.ts'
import { serverRooms, slugTaken } from './places.ts'
import { secretsSet } from './secrets.ts'
import { offerOf, versionSpec } from './versions.ts'

/** Subscriptions in these states allow new and larger bots. */
const usable = "('trialing', 'active', 'past_due')"

type Found = Holding & { status: string; entitlements: Entitlements | null }

/**
 * Everything an admission is judged against, read inside the transaction that will store the bot.
 * @param bot id of the bot that changes (left out of the sums); empty for a new one
 * @param version id of the template version; `keep` allows one that is not offered any more
 */
export function worldOf(tx: PbApp, tenant: string, bot: string, version: string, keep: boolean, now: number): World {
  const found = row<Found>(tx, `SELECT json_object('status', t.status,
    'entitlements', (SELECT json(entitlements) FROM subscriptions WHERE tenant = t.id AND status IN ${usable}),
    'bots', count(b.tenant), 'cpuMilli', coalesce(sum(b.cpu_milli), 0), 'memoryMib', coalesce(sum(b.memory_mib), 0), 'diskMib', coalesce(sum(b.disk_mib), 0),
    'deleting', (SELECT count(*) FROM bot_instances WHERE tenant = t.id AND desired_state = 'deleted')) AS j
    FROM tenants t LEFT JOIN bot_instances b ON b.tenant = t.id AND b.desired_state IN ('running', 'stopped')${bot === '' ? '' : ' AND b.id != {:bot}'}
    WHERE t.id = {:tenant} GROUP BY t.id`, { tenant, bot })
  const offer = offerOf(tx, version)
  const offered = offer !== null && offer.published && (offer.tenant === '' || offer.tenant === tenant)
    && (offer.visibility === 'public' || offer.visibility === 'beta')
  return {
    tenant: { id: found === null ? '' : tenant, status: found?.status ?? '' },
    entitlements: found?.entitlements ?? null,
    others: found ?? { bots: 0, deleting: 0, cpuMilli: 0, memoryMib: 0, diskMib: 0 },
    version: offered || (keep && offer !== null) ? versionSpec(tx, version) : null,
    servers: serverRooms(tx, bot),
    secretsSet: bot === '' ? [] : Object.keys(secretsSet(tx, bot)),
    missingValues: missingValues(),
    slugTaken: (slug) => slugTaken(tx, slug, tenant, now),
    randomSuffix: () => $security.randomStringWithAlphabet(6, 'abcdefghijkmnpqrstuvwxyz23456789'),
  }
}
