import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Row } from '../test/bench/figures.ts'
import { creates, hanging } from '../test/bench/writes.ts'
import { firstTurn, idle, reaction } from '../test/bench/work.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const help = `npm run bench [-- NAME ...]
Measures what the design promises; without names all of it, and writes bench/RESULTS.md. Names: creates, hanging, reaction, idle, first-turn.`

const measures: Record<string, () => Promise<Row[]>> = { creates, reaction, idle, 'first-turn': firstTurn, hanging }

/** The size of what ships, from the files of the last build. */
function bundle(): Row[] {
  const bytes = statSync(join(root, 'pb_hooks/app.js')).size
  return [{ what: 'pb_hooks/app.js, minified', figures: `${(bytes / 1024).toFixed(1)} KB`, target: '<= 150 KB', met: bytes <= 150 * 1024 }]
}

async function main(args: string[]): Promise<void> {
  if (args.includes('--help')) return console.log(help)
  const unknown = args.filter((name) => measures[name] === undefined)
  if (unknown.length > 0) throw new Error(`${unknown.join(', ')}: no such measurement.\n${help}`)
  const rows = bundle()
  for (const [name, measure] of Object.entries(measures)) {
    if (args.length > 0 && !args.includes(name)) continue
    console.log(`measuring ${name} ...`)
    for (const row of await measure()) {
      rows.push(row)
      console.log(`  ${row.met ? 'ok  ' : 'MISS'} ${row.what}: ${row.figures} (target ${row.target})`)
    }
  }
  if (args.length === 0) write(rows)
  if (rows.some((row) => !row.met)) process.exitCode = 1
}

function write(rows: Row[]): void {
  const version = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { pocketbase: { version: string } }).pocketbase.version
  const lines = rows.map((row) => `| ${row.what} | ${row.figures} | ${row.target} | ${row.met ? 'yes' : 'no'} |`)
  mkdirSync(join(root, 'bench'), { recursive: true })
  writeFileSync(join(root, 'bench/RESULTS.md'), `# Results of \`npm run bench\`

${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores, Node ${process.versions.node}, PocketBase ${version}. Ratios are measured in one run; single times depend on the machine.

| what | measured | target | met |
|---|---|---|---|
${lines.join('\n')}
`)
  console.log('written to bench/RESULTS.md')
}

main(process.argv.slice(2)).then(() => process.exit(), (error: Error & { url?: string; response?: unknown }) => {
  console.error(error.message, error.url ?? '', JSON.stringify(error.response ?? ''))
  // Servers of a measurement that broke off would keep this process alive; their end is tied to its own.
  process.exit(1)
})
