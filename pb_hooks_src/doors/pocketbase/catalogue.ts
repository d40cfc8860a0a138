import type { Template } from '../../catalogue/template.ts'
import type { Refusal } from '../../tenancy/refusal.ts'
import { canonicalJson } from '../../catalogue/canonical.ts'
import { pinned, unpinnedImages } from '../../catalogue/images.ts'
import { parseVersion } from '../../catalogue/template.ts'
import { checkVersion } from '../../catalogue/whitelist.ts'
import { refuse } from '../../tenancy/refusal.ts'
import { refusalError } from './errors.ts'
import { imageDigests } from './env.ts'
import { row, run } from './sql.ts'
import { dateText } from './time.ts'

type Entry = Template & { versions: unknown[] }

/**
 * Brings the built catalogue into the records. A published version is never changed: the same checksum is
 * left alone, another one under the same number is reported and ignored. A version whose image has no
 * digest yet is kept unpublished until `IMAGE_DIGESTS` names one.
 */
export function importCatalogue(app: PbApp): void {
  const entries = require(`${__hooks}/catalogue.json`) as Entry[]
  const digests = imageDigests()
  app.runInTransaction((tx) => {
    for (const entry of entries) {
      const template = importTemplate(tx, entry)
      for (const version of entry.versions) importVersion(tx, entry.slug, template, version, digests)
    }
  })
}

function importTemplate(tx: PbApp, entry: Entry): string {
  const columns = {
    slug: entry.slug, name: JSON.stringify(entry.name), summary: JSON.stringify(entry.summary), category: entry.category,
    tags: JSON.stringify(entry.tags), publisher: entry.publisher, homepage: entry.homepage, docs: entry.docs_url,
    licence: JSON.stringify(entry.licence), protection: JSON.stringify(entry.data_protection), visibility: entry.visibility,
  }
  run(tx, `INSERT INTO bot_templates (slug, name, summary, category, tags, publisher, homepage, docs_url, licence, data_protection, visibility, tenant)
    VALUES ({:slug}, {:name}, {:summary}, {:category}, {:tags}, {:publisher}, {:homepage}, {:docs}, {:licence}, {:protection}, {:visibility}, '')
    ON CONFLICT (slug) DO UPDATE SET name = excluded.name, summary = excluded.summary, category = excluded.category, tags = excluded.tags,
    publisher = excluded.publisher, homepage = excluded.homepage, docs_url = excluded.docs_url, licence = excluded.licence,
    data_protection = excluded.data_protection`, columns)
  return row<string>(tx, 'SELECT json_quote(id) AS j FROM bot_templates WHERE slug = {:slug}', { slug: entry.slug }) ?? ''
}

function importVersion(tx: PbApp, slug: string, template: string, raw: unknown, digests: { [image: string]: string }): void {
  const parsed = parseVersion(raw)
  const faults = parsed.version === null ? parsed.refusals : checkVersion(parsed.version)
  if (parsed.version === null || faults.length > 0) {
    tx.logger().error('a template version of the catalogue is not taken', 'template', slug, 'faults', faults.map((one) => `${one.field} ${one.code}`).join(', '))
    return
  }
  const version = pinned(parsed.version, digests)
  const spec = canonicalJson(JSON.parse(JSON.stringify(version)))
  const checksum = $security.sha256(spec)
  const open = unpinnedImages(version)
  const known = row<{ id: string; checksum: string; published: number }>(tx, `SELECT json_object('id', id, 'checksum', checksum, 'published', published) AS j
    FROM bot_template_versions WHERE template = {:template} AND version = {:version}`, { template, version: version.version })
  if (known !== null && known.checksum === checksum) return
  if (known !== null && known.published) {
    tx.logger().warn('a published template version differs from the built catalogue and is left as it is', 'template', slug, 'version', version.version)
    return
  }
  const published = open.length === 0
  const values = {
    template, version: version.version, app: version.app_version, channel: version.channel, spec, checksum, published: published ? 1 : 0,
    at: published ? dateText(Date.now()) : '', note: published ? '' : `Not published: no digest for ${open.join(', ')}. Set IMAGE_DIGESTS.`, id: known?.id ?? '',
  }
  if (known === null) {
    run(tx, `INSERT INTO bot_template_versions (template, version, app_version, channel, spec, checksum, published, published_at, note)
      VALUES ({:template}, {:version}, {:app}, {:channel}, {:spec}, {:checksum}, {:published}, {:at}, {:note})`, values)
  } else {
    run(tx, `UPDATE bot_template_versions SET app_version = {:app}, channel = {:channel}, spec = {:spec}, checksum = {:checksum},
      published = {:published}, published_at = {:at}, note = {:note} WHERE id = {:id}`, values)
  }
}

/**
 * `onRecordCreate` and `onRecordUpdate` of template versions: what is published by hand has to be a whole
 * version, within the white list, with every image pinned by digest. A draft may be anything.
 */
export function versionSaving(e: PbRecordEvent): void {
  const { record } = e
  record.ignoreUnchangedFields(true)
  if (record.getBool('published') && !record.original().getBool('published')) {
    const raw: unknown = JSON.parse(record.getString('spec') || 'null')
    const { version, refusals } = parseVersion(raw)
    const found: Refusal[] = version === null ? refusals : [...checkVersion(version), ...unpinnedImages(version).map(() => refuse('images', 'image_without_digest'))]
    if (found.length > 0) throw refusalError(found.map((one) => ({ ...one, field: `spec.${one.field}` })), 'en')
    record.set('spec', canonicalJson(JSON.parse(JSON.stringify(version))))
    record.set('checksum', $security.sha256(record.getString('spec')))
  }
  e.next()
}
