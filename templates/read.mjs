// Reads the catalogue from its folders; used by build.mjs and by the templates check.
// templates/<slug>/template.json, templates/<slug>/<version>/version.json, and beside it the files it names.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @param {string} folder the templates folder
 * @returns {object[]} one entry per template, sorted by slug: template.json with `versions` (rising), where a
 *   file's `source` is replaced by its `content`. Shapes are not judged here, see catalogue/template.ts.
 */
export function readCatalogue(folder) {
  return foldersOf(folder)
    .filter((slug) => existsSync(join(folder, slug, 'template.json')))
    .map((slug) => {
      const template = readJson(join(folder, slug, 'template.json'))
      if (template.slug !== slug)
        throw new Error(`templates/${slug}/template.json names the slug ${template.slug}`)
      const versions = foldersOf(join(folder, slug))
        .filter((name) => /^\d+$/.test(name))
        .sort((a, b) => Number(a) - Number(b))
        .map((number) => readVersion(folder, slug, number))
      return { ...template, versions }
    })
}

/** The sample beside a version: what `npm run templates:check` renders it with. */
export function readSample(folder, slug, version) {
  return readJson(join(folder, slug, String(version), 'sample.json'))
}

function readVersion(folder, slug, number) {
  const place = join(folder, slug, number)
  const version = readJson(join(place, 'version.json'))
  if (String(version.version) !== number)
    throw new Error(`templates/${slug}/${number}/version.json names version ${version.version}`)
  const files = (version.files ?? []).map(({ source, ...file }) => {
    if (!/^files\/[A-Za-z0-9._-]+$/.test(source ?? ''))
      throw new Error(`templates/${slug}/${number}: a file needs a source files/<name>`)
    return { ...file, content: readFileSync(join(place, source), 'utf8') }
  })
  return { template: slug, ...version, files }
}

function foldersOf(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(`${file}: ${error.message}`)
  }
}
