/**
 * The stable codes of `status_reason`. What each means, and what to do, is said in `reasons.ts`, which
 * only the portal loads: the hooks need the codes alone.
 */
export const REASON_CODES = [
  'accepted', 'creating', 'starting_up', 'applying_changes', 'restarting', 'stopping', 'deleting',
  'healthy', 'stopped_by_choice', 'tenant_suspended', 'waiting_for_capacity', 'waiting_for_slot',
  'waiting_for_image', 'platform_unreachable', 'platform_busy', 'platform_budget',
  'platform_token_refused', 'platform_token_weak', 'platform_api_disabled', 'platform_ip_refused',
  'platform_too_old', 'platform_unknown', 'platform_still_deleting', 'answer_lost', 'unhealthy',
  'crash_loop', 'container_exited', 'not_healthy_in_time', 'not_stopped_in_time', 'service_lost',
  'platform_refused', 'platform_route_missing', 'domain_taken', 'template_broken', 'secret_unreadable',
] as const
export type Reason = (typeof REASON_CODES)[number]

/** Narrows a code from elsewhere to one of ours; anything else becomes `otherwise`. */
export function reasonOf(code: string, otherwise: Reason): Reason {
  return (REASON_CODES as readonly string[]).includes(code) ? (code as Reason) : otherwise
}
