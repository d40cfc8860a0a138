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

/** What the tenant's other live bots already hold. */
export type Holding = Size & { bots: number }

/** Checks a plan's limits for one more (or one changed) bot. Deleted bots do not count, stopped ones do. */
export function checkQuota(limits: Entitlements, others: Holding, size: Size): Refusal[] {
  const refusals: Refusal[] = []
  if (limits.bots !== null && others.bots + 1 > limits.bots) {
    refusals.push(refuse('tenant', 'plan_bots_exhausted', { max: limits.bots }))
  }
  const over = (field: string, code: string, max: number | null, held: number, asked: number) => {
    if (max !== null && held + asked > max) refusals.push(refuse(field, code, { max, left: Math.max(0, max - held) }))
  }
  over('cpu_milli', 'plan_cpu_exhausted', limits.cpu_milli, others.cpuMilli, size.cpuMilli)
  over('memory_mib', 'plan_memory_exhausted', limits.memory_mib, others.memoryMib, size.memoryMib)
  over('disk_mib', 'plan_disk_exhausted', limits.disk_mib, others.diskMib, size.diskMib)
  return refusals
}
