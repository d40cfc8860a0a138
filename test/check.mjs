#!/usr/bin/env node
// Types of the four projects, then a scan of the built hooks for what goja cannot run. Used by `npm run check` and `npm test`.
import { execFile } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const projects = ['pb_hooks_src/tsconfig.rooms.json', 'pb_hooks_src/tsconfig.json', 'pb_public_src/tsconfig.json', 'test/tsconfig.json']

/** Syntax and globals that goja lacks or gets wrong; each found by experiment (docs/decisions/0002-goja.md). */
const forbidden = [
  [/\bfor await\b/, 'for await does not parse'],
  [/\\p\{/, 'unicode property escapes never match'],
  [/\bnew URL\(/, 'URL does not exist'],
  [/\bstructuredClone\(/, 'structuredClone does not exist'],
  [/\bnew TextEncoder\b/, 'TextEncoder does not exist'],
  [/\bObject\.groupBy\b/, 'Object.groupBy does not exist'],
  [/\bPromise\.withResolvers\b/, 'Promise.withResolvers does not exist'],
  [/\bsetTimeout\(/, 'timers do not exist'],
  [/sourceMappingURL/, 'a source map comment stops the load'],
  [/__name\(/, 'keepNames breaks handlers'],
  [/#\w+ in \w+ &&/, '#x in o && y does not compile'],
]

function types(project) {
  return new Promise((done) => {
    execFile(join(root, 'node_modules', '.bin', 'tsc'), ['-p', project], { cwd: root }, (error, stdout) => done({ project, failed: error !== null, stdout }))
  })
}

/** A library may carry async code that nobody calls; ours may not have any. */
function sources() {
  const folder = join(root, 'pb_hooks_src')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  return files.filter((file) => /\basync\s*(function|\(|\w+\s*=>)|\bawait\s/.test(readFileSync(join(folder, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$|`[^`]*`/gm, '')))
    .map((file) => `pb_hooks_src/${file}: async functions swallow errors in hooks`)
}

function scan() {
  const found = sources()
  const files = readdirSync(join(root, 'pb_hooks')).sort()
  if (files.join() !== 'app.js,catalogue.json,main.pb.js') found.push(`pb_hooks holds ${files.join(', ')}; it must hold app.js, catalogue.json and main.pb.js`)
  for (const file of files.filter((name) => name.endsWith('.js'))) {
    const text = readFileSync(join(root, 'pb_hooks', file), 'utf8')
    for (const [pattern, why] of forbidden) {
      const at = text.search(pattern)
      if (at >= 0) found.push(`pb_hooks/${file}: ${why}: …${text.slice(Math.max(0, at - 40), at + 60).replaceAll('\n', ' ')}…`)
    }
  }
  return found
}

const results = []
for (const pair of [projects.slice(0, 2), projects.slice(2)]) results.push(...(await Promise.all(pair.map(types))))
for (const { project, failed, stdout } of results) console.log(failed ? `types ${project}: FAILED\n${stdout}` : `types ${project}: ok`)
const found = scan()
console.log(found.length === 0 ? 'bundle scan: ok' : `bundle scan: FAILED\n${found.join('\n')}`)
process.exit(results.some(({ failed }) => failed) || found.length > 0 ? 1 : 0)
