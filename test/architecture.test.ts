import { readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const rooms = ['billing', 'usage', 'watch', 'fleet', 'catalogue', 'tenancy', 'work']
const linesMax = 300
const functionLinesMax = 70

type Meta = { inputs: Record<string, { imports: { path: string }[] }> }
const metas = JSON.parse(readFileSync(join(root, 'local/.build/meta.json'), 'utf8')) as Meta[]

function files(folder: string, pattern: RegExp): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file)).filter((file) => pattern.test(file) && statSync(join(root, file)).isFile())
}

const sources = [...files('pb_hooks_src', /\.ts$/), ...files('pb_public_src', /\.(tsx?|css)$/), ...files('local', /\.ts$/), ...files('setup', /\.mjs$/), 'setup.mjs', 'build.mjs']
  .filter((file) => !file.includes('.build') && !file.includes('.data'))

/** Which room (or other part of the house) a file stands in. */
function placeOf(file: string): string {
  const parts = file.split('/')
  if (parts[0] === 'pb_hooks_src') return parts.length === 2 ? (parts[1] as string) : (parts[1] as string)
  return parts[0] as string
}

/** Who may import whom; rooms only to their right. */
function allowed(from: string, to: string): boolean {
  if (from === to) return true
  if (from === 'app.ts') return rooms.includes(to) || to === 'doors'
  if (from === 'main.pb.ts') return to === 'doors'
  if (from === 'doors') return rooms.includes(to)
  if (rooms.includes(from)) return rooms.includes(to) && rooms.indexOf(to) > rooms.indexOf(from)
  if (from === 'pb_public_src') return rooms.includes(to)
  if (from === 'local') return rooms.includes(to) || to === 'doors' || to === 'templates' || to === 'test'
  if (from === 'test') return true
  return false
}

describe('the house', () => {
  test('imports go only in the directions that the design allows', () => {
    const wrong: string[] = []
    for (const meta of metas) {
      for (const [file, input] of Object.entries(meta.inputs)) {
        if (file.startsWith('node_modules')) continue
        for (const { path } of input.imports) {
          if (path.startsWith('node_modules') || !path.includes('/')) continue
          if (path.startsWith('node:') || !/\.(ts|tsx|mjs|css|json)$/.test(path)) continue
          if (!allowed(placeOf(file), placeOf(path))) wrong.push(`${file} -> ${path}`)
        }
      }
    }
    expect(wrong).toEqual([])
  })

  test('main.pb.ts imports the composition root by type only', () => {
    const inputs = Object.keys(metas[0]?.inputs ?? {})
    expect(inputs.sort()).toEqual(['pb_hooks_src/doors/pocketbase/call.ts', 'pb_hooks_src/main.pb.ts'])
  })

  test('every handler that app.ts exports is wired, and only such', () => {
    const app = readFileSync(join(root, 'pb_hooks_src/app.ts'), 'utf8')
    const exported = [...app.matchAll(/^export \{([^}]+)\}/gm)].flatMap((match) => (match[1] as string).split(',').map((name) => name.trim()))
    exported.push(...[...app.matchAll(/^export function (\w+)/gm)].map((match) => match[1] as string))
    const main = readFileSync(join(root, 'pb_hooks_src/main.pb.ts'), 'utf8')
    const wired = new Set([...main.matchAll(/call\('(\w+)'|app\.js'\)\.(\w+)\(/g)].map((match) => match[1] ?? match[2]))
    expect([...wired].sort()).toEqual(exported.sort())
  })

  test('no file outgrows its room', () => {
    const long = sources.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > linesMax + 1)
    expect(long).toEqual([])
  })

  test('no function is longer than a screen', () => {
    const long: string[] = []
    for (const file of sources.filter((name) => /\.(ts|tsx|mjs)$/.test(name))) {
      const lines = readFileSync(join(root, file), 'utf8').split('\n')
      let start = -1
      lines.forEach((line, index) => {
        if (/^(export )?(default )?(async )?function /.test(line)) start = index
        if (line === '}' && start >= 0) {
          if (index - start + 1 > functionLinesMax) long.push(`${file}:${start + 1} (${index - start + 1} lines)`)
          start = -1
        }
      })
    }
    expect(long).toEqual([])
  })

  test('rooms take time and randomness as arguments', () => {
    const wrong: string[] = []
    for (const file of sources.filter((name) => rooms.some((room) => name.startsWith(`pb_hooks_src/${room}/`)))) {
      const text = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
      for (const word of ['Date.now', 'new Date', 'Math.random', 'console.', '$app', 'process.env']) {
        if (text.includes(word)) wrong.push(`${file}: ${word}`)
      }
    }
    expect(wrong).toEqual([])
  })

  test('the client of the outside is called in one place only', () => {
    const callers = sources.filter((file) => readFileSync(join(root, file), 'utf8').includes('$http.send(') && !file.endsWith('.d.ts'))
    expect(callers.map((file) => relative('pb_hooks_src', file))).toEqual(['doors/pocketbase/http.ts'])
  })

  test('no name of the kind that grows without bound', () => {
    const vague = sources.filter((file) => /(utils?|helpers?|manager|service|common|misc)\.(ts|tsx|mjs)$/i.test(file) || /\/(utils?|helpers?|common|misc)\//.test(file))
    expect(vague).toEqual([])
  })
})
