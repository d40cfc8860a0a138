import { describe, expect, it } from 'vitest'
import { checkTemplate } from '../../pb_hooks_src/catalogue/entry.ts'
import { pinned, unpinnedImages } from '../../pb_hooks_src/catalogue/images.ts'
import { parseTemplate, parseVersion } from '../../pb_hooks_src/catalogue/template.ts'
import { checkVersion } from '../../pb_hooks_src/catalogue/whitelist.ts'
import { catalogue, rawVersion, slugs, versionOf } from './fixture.ts'

it('accepts every version and entry of the catalogue', () => {
  expect(catalogue.map((entry) => entry.slug)).toEqual(slugs)
  for (const { versions, ...entry } of catalogue) {
    const { template, refusals } = parseTemplate(entry)
    expect(refusals).toEqual([])
    expect(template === null ? ['unread'] : checkTemplate(template)).toEqual([])
    for (const raw of versions) {
      const parsed = parseVersion(raw)
      expect(parsed.refusals).toEqual([])
      expect(parsed.version === null ? ['unread'] : checkVersion(parsed.version)).toEqual([])
    }
  }
})

describe('images', () => {
  const { version } = parseVersion(rawVersion('openclaw-lts'))
  const digest = `sha256:${'ef'.repeat(32)}`
  it('names those without a digest and fills them from the list', () => {
    if (version === null) throw new Error('unreadable')
    expect(unpinnedImages(version)).toEqual(['ghcr.io/openclaw/openclaw:2026.7.35'])
    const filled = pinned(version, { 'ghcr.io/openclaw/openclaw:2026.7.35': digest, 'other.de/x:1': digest })
    expect(filled.images[0]?.digest).toBe(digest)
    expect(unpinnedImages(filled)).toEqual([])
    expect(unpinnedImages(version)).toHaveLength(1)
  })
  it('ignores a digest of the wrong form and never replaces one that is there', () => {
    if (version === null) throw new Error('unreadable')
    expect(
      unpinnedImages(pinned(version, { 'ghcr.io/openclaw/openclaw:2026.7.35': 'sha256:abc' })),
    ).toHaveLength(1)
    const fixed = versionOf('openclaw')
    expect(pinned(fixed, { 'ghcr.io/openclaw/openclaw:2026.9.6': digest })).toEqual(fixed)
  })
})

describe('entries', () => {
  const entry = (change: (raw: any) => void) => {
    const { versions: _, ...raw } = structuredClone(catalogue[1]) as any
    change(raw)
    const { template } = parseTemplate(raw)
    if (template === null) throw new Error('unreadable')
    return checkTemplate(template).map((refusal) => [refusal.code, refusal.field])
  }
  it('need a licence that allows hosting', () => {
    expect(
      entry((raw) => {
        raw.licence.hosting = 'forbidden'
      }),
    ).toEqual([['licence_not_allowed', 'licence.hosting']])
    expect(
      entry((raw) => {
        raw.licence.hosting = 'forbidden'
        raw.visibility = 'draft'
      }),
    ).toEqual([])
    expect(
      entry((raw) => {
        raw.licence.hosting = 'customer'
      }),
    ).toEqual([['licence_not_allowed', 'licence.hosting']])
  })
  it('need short texts in both languages', () => {
    expect(
      entry((raw) => {
        raw.name.en = ''
      }),
    ).toEqual([['text_missing', 'name']])
    expect(
      entry((raw) => {
        raw.summary.de = 'x'.repeat(201)
      }),
    ).toEqual([['too_long', 'summary']])
  })
})
