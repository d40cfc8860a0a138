import { existsSync, readFileSync } from 'node:fs'

const linePattern = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/

/**
 * Reads `NAME=value` lines. Values may stand in single quotes (taken as they are) or double quotes (`\n`,
 * `\"` and `\\` are understood); `#` begins a comment at a line's start and behind a blank. Own code because
 * Node reads such files itself only from 20.12 on.
 */
export function parseDotenv(text: string): { [name: string]: string } {
  const values: { [name: string]: string } = {}
  for (const line of text.split(/\r?\n/)) {
    if (line.trimStart().startsWith('#')) continue
    const match = linePattern.exec(line)
    if (match !== null) values[match[1] ?? ''] = valueOf(match[2] ?? '')
  }
  return values
}

/** The file's values under those of the real environment, which win. A missing file is an empty one. */
export function withDotenv(file: string, env: NodeJS.ProcessEnv): { [name: string]: string } {
  const values = existsSync(file) ? parseDotenv(readFileSync(file, 'utf8')) : {}
  for (const [name, value] of Object.entries(env)) if (value !== undefined) values[name] = value
  return values
}

function valueOf(raw: string): string {
  const single = /^'([^']*)'(?:\s+#.*)?$/.exec(raw)
  if (single !== null) return single[1] ?? ''
  const double = /^"((?:[^"\\]|\\.)*)"(?:\s+#.*)?$/.exec(raw)
  if (double !== null) {
    const escaped = (_all: string, character: string) => (character === 'n' ? '\n' : character)
    return (double[1] ?? '').replace(/\\(.)/g, escaped)
  }
  return raw.replace(/(^|\s)#.*$/, '').trimEnd()
}
