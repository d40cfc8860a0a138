#!/usr/bin/env node
// Builds everything that is not committed: the two hook files, the catalogue, the portal and the local programs.
// Usage: node build.mjs [--watch] [--quiet] [--help]
import { build, context } from 'esbuild'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { readCatalogue } from './templates/read.mjs'

const root = dirname(fileURLToPath(import.meta.url))
const flags = new Set(process.argv.slice(2))
const unknown = [...flags].filter((flag) => !['--watch', '--quiet', '--help'].includes(flag))
if (unknown.length > 0) {
  console.error(`node build.mjs: ${unknown.join(', ')} is not known. Try --help.`)
  process.exit(2)
}
/** Size budgets; a build that exceeds one fails. */
const hooksBytesMax = 160 * 1024
const firstLoadGzipBytesMax = 35 * 1024
const lazyGzipBytesMax = 30 * 1024

const at = (...parts) => join(root, ...parts)
const say = (text) => { if (!flags.has('--quiet')) console.log(text) }
const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`

/** PocketBase evaluates handlers in other VMs, so the entry is CJS without syntax minification (facts: goja). */
const hooks = {
  absWorkingDir: root, bundle: true, format: 'cjs', platform: 'neutral', target: 'es2022',
  mainFields: ['module', 'main'], charset: 'utf8', metafile: true, logLevel: 'warning',
}
const entry = { ...hooks, entryPoints: ['pb_hooks_src/main.pb.ts'], outfile: 'pb_hooks/main.pb.js' }
const app = {
  ...hooks, entryPoints: ['pb_hooks_src/app.ts'], outfile: 'pb_hooks/app.js',
  minify: true, keepNames: false,
}
const portal = {
  absWorkingDir: root, bundle: true, format: 'esm', platform: 'browser', target: 'es2022', splitting: true,
  entryPoints: { main: 'pb_public_src/main.tsx', style: 'pb_public_src/style.css' },
  outdir: 'pb_public/app', entryNames: '[name]-[hash]', chunkNames: 'part-[hash]', assetNames: '[name]-[hash]',
  jsx: 'automatic', jsxImportSource: 'preact', minify: true, metafile: true, charset: 'utf8', logLevel: 'warning',
  loader: { '.svg': 'text' },
}
const localEntries = [
  'local/start.ts', 'local/bench.ts', 'local/example.ts', 'local/templates-check.ts', 'local/bot/bot.ts', 'test/browser/portal.pictures.ts',
]
const local = {
  absWorkingDir: root, bundle: true, format: 'esm', platform: 'node', target: 'node20', packages: 'external',
  entryPoints: Object.fromEntries(localEntries.map((file) => [basename(file, '.ts'), file])),
  outdir: 'local/.build', outExtension: { '.js': '.mjs' }, metafile: true, logLevel: 'warning',
}

/** The two hook files and the catalogue beside them. Nothing else may lie in pb_hooks. */
async function buildHooks() {
  mkdirSync(at('pb_hooks'), { recursive: true })
  const metas = [await build(entry), await build(app)].map((result) => result.metafile)
  writeFileSync(at('pb_hooks', 'catalogue.json'), JSON.stringify(readCatalogue(at('templates'))))
  const size = readFileSync(at('pb_hooks', 'app.js')).length
  budget('pb_hooks/app.js', size, hooksBytesMax)
  return [['pb_hooks/app.js', size, hooksBytesMax], metas]
}

/** The portal with hashed names; index.html names the files of this build. */
async function buildPortal() {
  const { metafile } = await build(portal)
  removeStale(Object.keys(metafile.outputs).map((file) => basename(file)))
  const outputs = Object.entries(metafile.outputs)
  const named = (start) => basename(outputs.find(([file]) => basename(file).startsWith(start))?.[0] ?? '')
  const page = readFileSync(at('pb_public_src', 'index.html'), 'utf8')
    .replaceAll('%STYLE%', named('style-')).replaceAll('%SCRIPT%', named('main-'))
  writeFileSync(at('pb_public', 'app', 'index.html'), page)
  const rows = weigh(outputs, named('main-'))
  return [rows, [metafile]]
}

/** Files of earlier builds go after the new ones are there: a server that runs meanwhile always has something to serve. */
function removeStale(fresh) {
  for (const file of readdirSync(at('pb_public', 'app'))) if (!fresh.includes(file) && file !== 'index.html') rmSync(at('pb_public', 'app', file))
}

/** First load = the entry with everything it imports statically, plus the style sheet; the rest is lazy. */
function weigh(outputs, main) {
  const gzip = (file) => gzipSync(readFileSync(at(file)), { level: 9 }).length
  const byFile = new Map(outputs)
  const first = new Set(outputs.map(([file]) => file).filter((file) => file.endsWith('.css') || basename(file) === main))
  for (const file of first) {
    for (const part of byFile.get(file)?.imports ?? []) if (part.kind === 'import-statement') first.add(part.path)
  }
  const total = [...first].reduce((sum, file) => sum + gzip(file), 0)
  budget('portal, first load (gzip)', total, firstLoadGzipBytesMax)
  const rows = [['portal, first load (gzip)', total, firstLoadGzipBytesMax]]
  for (const [file] of outputs) {
    if (first.has(file) || !file.endsWith('.js')) continue
    budget(file, gzip(file), lazyGzipBytesMax)
    rows.push([`portal, lazy ${basename(file)} (gzip)`, gzip(file), lazyGzipBytesMax])
  }
  return rows
}

function budget(what, size, max) {
  if (size > max) throw new Error(`${what} is ${kb(size)}, its budget is ${kb(max)}`)
}

async function once() {
  const started = Date.now()
  const [hooksRow, hooksMetas] = await buildHooks()
  const [portalRows, portalMetas] = await buildPortal()
  const localMeta = (await build(local)).metafile
  mkdirSync(at('local', '.build'), { recursive: true })
  writeFileSync(at('local', '.build', 'meta.json'), JSON.stringify([...hooksMetas, ...portalMetas, localMeta]))
  for (const [what, size, max] of [hooksRow, ...portalRows]) say(`  ${what.padEnd(44)} ${kb(size).padStart(9)} of ${kb(max)}`)
  say(`built in ${Date.now() - started} ms`)
}

async function watch() {
  await once()
  const again = { name: 'again', setup: ({ onEnd }) => {
    onEnd(async (result) => { if (result.errors.length === 0) await once().catch((error) => console.error(String(error.message ?? error))) })
  } }
  const scratch = { write: false, plugins: [again], logLevel: 'silent' }
  for (const options of [app, portal, local]) await (await context({ ...options, ...scratch })).watch()
  say('watching pb_hooks_src, pb_public_src and local; Ctrl-C ends it')
}

if (flags.has('--help')) {
  console.log('node build.mjs [--watch] [--quiet]\nBuilds pb_hooks/, pb_public/app/ and local/.build/; --watch builds again on every change.')
} else {
  await (flags.has('--watch') ? watch() : once()).catch((error) => {
    console.error(`build failed: ${error.message ?? error}`)
    process.exit(1)
  })
}
