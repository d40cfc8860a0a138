import type { Queue, Work } from '../../work/queue.ts'
import { leaseMs, pokeKey } from '../../work/queue.ts'
import { dateText } from './time.ts'
import { row, rows, run } from './sql.ts'

/** Makes a key due. An intent (`newer`) raises the revision, so that a turn under way settles without losing it. */
export function due(app: PbApp, queue: Queue, key: string, tenant: string, at: number, newer = true): void {
  run(app, `INSERT INTO work (queue, key, tenant, due, lease, owner, attempts, revision, error)
    VALUES ({:queue}, {:key}, {:tenant}, {:at}, '', '', 0, 1, '')
    ON CONFLICT (queue, key) DO UPDATE SET due = CASE WHEN {:newer} = 1 OR excluded.due < due THEN excluded.due ELSE due END,
      revision = revision + {:newer}, attempts = CASE WHEN {:newer} = 1 THEN 0 ELSE attempts END`,
  { queue, key, tenant, at: dateText(at), newer: newer ? 1 : 0 })
}

/** Brings a key forward if it is due later; nothing happens to one that is not in the table. */
export function notLaterThan(app: PbApp, queue: Queue, key: string, at: number): void {
  run(app, 'UPDATE work SET due = {:at} WHERE queue = {:queue} AND key = {:key} AND due > {:at}', { queue, key, at: dateText(at) })
}

/** Tells the lanes of this process that something is due now. Call after the commit. */
export function poke(app: PbApp): void {
  app.store().set(pokeKey, String(Number(app.store().get(pokeKey) ?? 0) + 1))
}

/** Is anything due? Reads only, so that idle lanes never take the write lock. */
export function anyDue(app: PbApp, now: number): boolean {
  return rows(app, "SELECT '1' AS j FROM work WHERE due <= {:now} AND due != '' AND lease < {:now} LIMIT 1", { now: dateText(now) }).length > 0
}

/**
 * Claims one due key in one statement. Fair between tenants: the one served longest ago goes first, the
 * control plane's own work (no tenant) before all.
 */
export function claim(app: PbApp, owner: string, now: number): Work | null {
  const claimed = row<Work>(app, `UPDATE work SET owner = {:owner}, lease = {:lease}, attempts = attempts + 1
    WHERE id = (SELECT w.id FROM work w LEFT JOIN tenant_turns t ON t.tenant = w.tenant
      WHERE w.due <= {:now} AND w.due != '' AND w.lease < {:now} ORDER BY coalesce(t.turn, 0), w.due LIMIT 1)
    RETURNING json_object('id', id, 'queue', queue, 'key', key, 'tenant', tenant, 'attempts', attempts, 'revision', revision) AS j`,
  { owner, lease: dateText(now + leaseMs), now: dateText(now) })
  if (claimed !== null && claimed.tenant !== '') {
    run(app, `INSERT INTO tenant_turns (tenant, turn) VALUES ({:tenant}, (SELECT coalesce(max(turn), 0) + 1 FROM tenant_turns))
      ON CONFLICT (tenant) DO UPDATE SET turn = (SELECT max(turn) + 1 FROM tenant_turns)`, { tenant: claimed.tenant })
  }
  return claimed
}

/** Ends a turn. A newer intent since the claim leaves the key due; a key claimed by another owner is not touched. */
export function settle(app: PbApp, work: Work, owner: string, turn: { kind: 'done' } | { kind: 'again'; due: number; error: string }, good: boolean): void {
  const mine = { id: work.id, owner, revision: work.revision }
  const settled = turn.kind === 'done'
    ? run(app, 'DELETE FROM work WHERE id = {:id} AND owner = {:owner} AND revision = {:revision}', mine)
    : run(app, `UPDATE work SET due = {:due}, lease = '', owner = '', attempts = {:attempts}, error = {:error}
        WHERE id = {:id} AND owner = {:owner} AND revision = {:revision}`,
      { ...mine, due: dateText(turn.due), attempts: good ? 0 : work.attempts, error: turn.error.slice(0, 500) })
  if (settled === 0) run(app, "UPDATE work SET lease = '', owner = '' WHERE id = {:id} AND owner = {:owner}", { id: work.id, owner })
}

/** Frees what earlier processes had claimed; `boot` is the start of every owner of this one. */
export function freeLeases(app: PbApp, boot: string): number {
  return run(app, "UPDATE work SET lease = '', owner = '' WHERE owner != '' AND owner NOT LIKE {:mine}", { mine: `${boot}:%` })
}
