import type { TemplateVersion } from '../../catalogue/template.ts'
import { row } from './sql.ts'

/** Published versions never change, so each VM keeps the ones it has read; bounded, the oldest goes first. */
const cache = new Map<string, TemplateVersion>()
const cachedVersionsMax = 100

/** A template version's whole text by its record id; null when there is no such row. */
export function versionSpec(app: PbApp, id: string): TemplateVersion | null {
  const cached = cache.get(id)
  if (cached !== undefined) return cached
  const found = row<{ spec: TemplateVersion; published: number }>(app,
    "SELECT json_object('spec', json(spec), 'published', published) AS j FROM bot_template_versions WHERE id = {:id}", { id })
  if (found === null) return null
  if (cache.size >= cachedVersionsMax) cache.delete(String(cache.keys().next().value))
  if (found.published) cache.set(id, found.spec)
  return found.spec
}

export type Offer = { id: string; template: string; templateSlug: string; tenant: string; visibility: string; published: boolean }

/** What stands around a version: its template, whose it is and whether it is offered. */
export function offerOf(app: PbApp, id: string): Offer | null {
  return row<Offer>(app, `SELECT json_object('id', v.id, 'template', t.id, 'templateSlug', t.slug, 'tenant', t.tenant,
    'visibility', t.visibility, 'published', json(iif(v.published, 'true', 'false'))) AS j
    FROM bot_template_versions v JOIN bot_templates t ON t.id = v.template WHERE v.id = {:id}`, { id })
}
