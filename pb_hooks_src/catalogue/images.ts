import type { TemplateVersion } from './template.ts'

/**
 * A whole image reference of a customer: registry host, repository, optional tag, and the digest that
 * fixes the content. Groups: 1 host, 2 repository.
 */
export const imageReference = new RegExp(
  [
    // The last label has a letter first: an address inside the host's own network is no registry.
    '^((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\\.)+[a-z][a-z0-9-]*(?::[1-9]\\d{0,4})?)',
    '/([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)',
    '(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?',
    '@sha256:[a-f0-9]{64}$',
  ].join(''),
)

const digestPattern = /^sha256:[a-f0-9]{64}$/

/** `repo:tag` of every image that has no digest yet; such a version must not be published. */
export function unpinnedImages(version: TemplateVersion): string[] {
  return version.images
    .filter((image) => image.digest === '')
    .map((image) => `${image.repository}:${image.tag}`)
}

/** Fills empty digests from the operator's list (`repo:tag` -> `sha256:..`); one that is there stays. */
export function pinned(version: TemplateVersion, digests: Readonly<Record<string, string>>): TemplateVersion {
  const images = version.images.map((image) => {
    const digest = digests[`${image.repository}:${image.tag}`] ?? ''
    return image.digest === '' && digestPattern.test(digest) ? { ...image, digest } : image
  })
  return { ...version, images }
}
