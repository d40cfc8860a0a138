import { pb } from '../server.ts'
import type { BotRecord, Entitlements, SubscriptionRecord } from '../server.ts'
import { pick } from '../words.ts'

export type Size = { cpu_milli: number; memory_mib: number; disk_mib: number }
export const SIZE_PARTS = ['cpu_milli', 'memory_mib', 'disk_mib'] as const

/** What a plan has left besides one bot; null = no limit. `priceCents`: net per month as it was sold; null when not noted. */
export type Rest = { plan: string; priceCents: number | null; bots: number | null; botsMax: number | null } & { [part in keyof Size]: number | null }

/**
 * What the tenant's plan has left; null when there is no plan.
 * @param except a bot that is being resized: what it holds counts as free
 */
export async function planRest(except: string): Promise<Rest | null> {
  const [subscriptions, bots] = await Promise.all([
    pb.collection('subscriptions').getFullList<SubscriptionRecord>({ expand: 'plan' }),
    pb.collection('bot_instances').getFullList<BotRecord>(),
  ])
  const subscription = subscriptions[0]
  const limits = subscription?.entitlements
  if (subscription === undefined || limits === null || limits === undefined) return null
  const held = bots.filter((bot) => bot.desired_state !== 'deleted' && bot.id !== except && bot.tenant === subscription.tenant)
  const left = (max: number | null, used: number) => (max === null ? null : Math.max(0, max - used))
  const sum = (part: keyof Size) => left(limits[part], held.reduce((total, bot) => total + bot[part], 0))
  return {
    plan: planName(subscription), priceCents: typeof limits.price_cents === 'number' ? limits.price_cents : null, bots: left(limits.bots, held.length), botsMax: limits.bots,
    cpu_milli: sum('cpu_milli'), memory_mib: sum('memory_mib'), disk_mib: sum('disk_mib'),
  }
}

function planName({ expand, entitlements }: { expand?: { plan?: { name: { de: string; en: string }; slug: string } }; entitlements: Entitlements | null }): string {
  return pick(expand?.plan?.name) || expand?.plan?.slug || entitlements?.slug || entitlements?.plan || ''
}

/** Does a size fit into what is left? */
export function fits(size: Size, rest: Rest): boolean {
  return SIZE_PARTS.every((part) => rest[part] === null || size[part] <= rest[part])
}
