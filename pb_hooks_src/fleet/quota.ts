import type { Refusal } from '../tenancy/refusal.ts'
import type { Size } from './bot.ts'
import { refuse } from '../tenancy/refusal.ts'

/** The copied limits of a subscription; null = no limit. CPU in milli-cores, memory and disk in MiB. */
export type Entitlements = {
  bots: number | null
  cpu_milli: number | null
  memory_mib: number | null
  disk_mib: number | null
}

/** What the tenant's other live bots already hold, and how many of its bots are still being deleted. */
export type Holding = Size & { bots: number; deleting: number }

/**
 * Checks a plan's limits for one more bot, or for one that changes from `before` (then only what grows is
 * judged, so that a tenant above its limits can always shrink). Stopped bots count, bots being deleted do
 * not, but as many again as the plan allows may be in deletion, or create and delete would fill the servers.
 */
export function checkQuota(limits: Entitlements, others: Holding, size: Size, before: Size | null = null): Refusal[] {
  const refusals: Refusal[] = []
  const bots = bound(limits.bots)
  if (before === null && bots !== null) {
    if (others.bots + 1 > bots) refusals.push(refuse('tenant', 'plan_bots_exhausted', { max: bots }))
    else if (others.bots + others.deleting + 1 > 2 * bots) refusals.push(refuse('tenant', 'plan_deleting'))
  }
  const over = (field: string, code: string, max: number | null, held: number, asked: number) => {
    if (max !== null && held + asked > max) refusals.push(refuse(field, code, { max, left: Math.max(0, max - held) }))
  }
  if (before === null || size.cpuMilli > before.cpuMilli) over('cpu_milli', 'plan_cpu_exhausted', bound(limits.cpu_milli), others.cpuMilli, size.cpuMilli)
  if (before === null || size.memoryMib > before.memoryMib) over('memory_mib', 'plan_memory_exhausted', bound(limits.memory_mib), others.memoryMib, size.memoryMib)
  if (before === null || size.diskMib > before.diskMib) over('disk_mib', 'plan_disk_exhausted', bound(limits.disk_mib), others.diskMib, size.diskMib)
  return refusals
}

/** Only an explicit null is "no limit": a limit that is missing or no number allows nothing. */
function bound(limit: number | null | undefined): number | null {
  return limit === null ? null : typeof limit === 'number' ? limit : 0
}
