import type { Caller } from './caller.ts'
import { dateText } from './time.ts'
import { row, run } from './sql.ts'

export type AuditEvent = {
  tenant: string
  action: string
  targetType: string
  target: string
  /** Names of what changed and harmless values; never a secret. */
  detail: { [name: string]: unknown }
}

/**
 * Appends to the audit chain inside the caller's transaction: each row's hash covers the row before it,
 * so a row that was changed or taken out later shows.
 */
export function audit(tx: PbApp, caller: Caller, event: AuditEvent, now: number): void {
  const last = row<{ seq: number; hash: string }>(tx, "SELECT json_object('seq', seq, 'hash', hash) AS j FROM audit_events ORDER BY seq DESC LIMIT 1")
  const seq = (last?.seq ?? 0) + 1
  const previous = last?.hash ?? ''
  const at = dateText(now)
  const detail = JSON.stringify(event.detail)
  const text = JSON.stringify([seq, at, event.tenant, caller.type, caller.id, event.action, event.targetType, event.target, detail, previous])
  run(tx, `INSERT INTO audit_events (seq, at, tenant, actor_type, actor, actor_label, action, target_type, target, detail, prev_hash, hash)
    VALUES ({:seq}, {:at}, {:tenant}, {:type}, {:actor}, {:label}, {:action}, {:targetType}, {:target}, {:detail}, {:previous}, {:hash})`,
  {
    seq, at, tenant: event.tenant, type: caller.type, actor: caller.id, label: caller.label, action: event.action,
    targetType: event.targetType, target: event.target, detail, previous, hash: $security.sha256(text),
  })
}
