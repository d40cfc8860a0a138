// Checks the catalogue folder: shapes, white list, and that every version renders. Exit code 1 on any error.
import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Refusal } from '../pb_hooks_src/tenancy/refusal.ts'
import type { TemplateVersion } from '../pb_hooks_src/catalogue/template.ts'
import type { Sample } from '../templates/read.mjs'
import { checkAnswers, missingGenerated } from '../pb_hooks_src/catalogue/answers.ts'
import { pinned, unpinnedImages } from '../pb_hooks_src/catalogue/images.ts'
import { render } from '../pb_hooks_src/catalogue/render.ts'
import { checkTemplate } from '../pb_hooks_src/catalogue/entry.ts'
import { catalogueSentences } from '../pb_hooks_src/catalogue/sentences.ts'
import { parseTemplate, parseVersion } from '../pb_hooks_src/catalogue/template.ts'
import { checkVersion } from '../pb_hooks_src/catalogue/whitelist.ts'
import { readCatalogue, readSample } from '../templates/read.mjs'

const help = `npm run templates:check [-- <folder>]
Reads the templates folder, checks every version and renders it twice: with all optional answers of its
sample.json and with none. Prints one line per version. Exit code 1 if anything is wrong.`

type Line = { name: string; errors: string[]; bytes: number; hash: string; unpinned: string[] }

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

function main(args: string[]): number {
  if (args.includes('--help')) {
    console.log(help)
    return 0
  }
  const folder = args[0] ?? join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'templates')
  const lines = readCatalogue(folder).flatMap((entry) => checkEntry(folder, entry))
  for (const { name, errors, bytes, hash, unpinned } of lines) {
    const notes = unpinned.length > 0 ? `not pinned: ${unpinned.join(', ')}` : ''
    console.log(
      [
        errors.length === 0 ? 'ok ' : 'BAD',
        name.padEnd(18),
        String(bytes).padStart(6),
        'B',
        hash.slice(0, 12),
        notes,
      ].join(' '),
    )
    for (const error of errors) console.log(`      ${error}`)
  }
  const bad = lines.filter((line) => line.errors.length > 0).length
  console.log(`${lines.length - bad} of ${lines.length} are fine`)
  return bad === 0 && lines.length > 0 ? 0 : 1
}

function checkEntry(folder: string, entry: ReturnType<typeof readCatalogue>[number]): Line[] {
  const { versions, ...own } = entry
  const { template, refusals } = parseTemplate(own)
  const errors = [...refusals, ...(template === null ? [] : checkTemplate(template))].map(said)
  const head = errors.length === 0 ? [] : [{ name: entry.slug, errors, bytes: 0, hash: '', unpinned: [] }]
  return [...head, ...versions.map((raw, index) => checkOne(folder, entry.slug, index + 1, raw))]
}

function checkOne(folder: string, slug: string, number: number, raw: unknown): Line {
  const { version, refusals } = parseVersion(raw)
  const line: Line = {
    name: `${slug} ${version?.version ?? number}`,
    errors: refusals.map(said),
    bytes: 0,
    hash: '',
    unpinned: [],
  }
  if (version === null) return line
  line.errors.push(...checkVersion(version).map(said))
  line.unpinned = unpinnedImages(version)
  if (line.errors.length > 0) return line
  // A version without a digest cannot be rendered, so the check lends it one that exists nowhere.
  const lent = Object.fromEntries(line.unpinned.map((image) => [image, `sha256:${sha256(image)}`]))
  try {
    const sample = readSample(folder, slug, version.version)
    const least = rendered(pinned(version, lent), sample.least)
    const full = rendered(pinned(version, lent), sample.full)
    line.bytes = full.compose.length
    line.hash = full.hash
    if (least.hash === full.hash) line.errors.push('the optional answers of sample.json change nothing')
    for (const value of Object.values(sample.full.secrets)) {
      if (full.compose.includes(value)) line.errors.push('a secret stands in the compose document')
    }
  } catch (error) {
    line.errors.push(error instanceof Error ? error.message : String(error))
  }
  return line
}

function rendered(version: TemplateVersion, sample: Sample): ReturnType<typeof render> {
  const checked = checkAnswers(version, sample.answers, sample.secrets, { secretsSet: [], mode: 'create' })
  if (checked.refusals.length > 0)
    throw new Error(`sample.json is refused: ${checked.refusals.map(said).join('; ')}`)
  const generated = missingGenerated(version, []).map(({ key, bytes }): [string, string] => [
    key,
    'f'.repeat(bytes * 2),
  ])
  const secrets = { ...sample.secrets, ...Object.fromEntries(generated) }
  return render(
    {
      version,
      answers: checked.answers,
      secrets,
      bot: {
        id: 'sample000000001',
        tenant: 'tenant000000001',
        slug: 'sample',
        host: 'sample.bots.example.de',
        url: 'https://sample.bots.example.de',
        cpuMilli: version.resources.recommended.cpu_milli,
        memoryMib: version.resources.recommended.memory_mib,
        diskMib: version.resources.recommended.disk_mib,
      },
      secretPrints: Object.fromEntries(Object.entries(secrets).map(([key, value]) => [key, sha256(value)])),
      platform: {
        llm_base_url: 'https://llm.example.de/v1',
        llm_key: 'llm-key-of-the-sample',
        llm_model: 'standard',
        timezone: 'Europe/Berlin',
        locale: 'de',
      },
    },
    sha256,
  )
}

function said(refusal: Refusal): string {
  const text = catalogueSentences[refusal.code]?.en ?? refusal.code
  const filled = text.replace(/\{(\w+)\}/g, (whole, name: string) => String(refusal.params?.[name] ?? whole))
  return `${refusal.field}: ${filled}`
}

process.exitCode = main(process.argv.slice(2))
