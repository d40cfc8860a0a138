import type { Json } from './canonical.ts'
import type { Scope } from './placeholder.ts'
import type { TemplateVersion } from './template.ts'
import { fill, fillValue, lookUp, RenderError } from './placeholder.ts'

export type RenderedFile = { name: string; service: string; source: string; target: string; content: string }

/** Stands for a member that a condition removed. */
const dropped = Symbol('dropped')

/**
 * Renders the configuration files of a version.
 *
 * Source and target carry a hash of the content: the platform keeps the first content of a mount path
 * for ever (Coolify, bootstrap/helpers/parsers.php), so new content needs a new path.
 * @param secretsSet keys of the secrets that have a value, for `$when`
 * @throws RenderError on an unresolved placeholder or broken JSON
 */
export function renderFiles(
  version: TemplateVersion,
  scope: Scope,
  secretsSet: readonly string[],
  sha256: (text: string) => string,
): RenderedFile[] {
  return version.files.map((file) => {
    const content =
      file.format === 'json'
        ? renderJson(file.name, file.content, scope, secretsSet)
        : fill(file.content, scope)
    const target = hashed(file.target, sha256(content).slice(0, 8))
    return {
      name: file.name,
      service: file.service,
      source: `.${target.slice(target.lastIndexOf('/'))}`,
      target,
      content,
    }
  })
}

function hashed(path: string, hash: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  const stem = dot > 0 ? name.slice(0, dot) : name
  return `${path.slice(0, path.length - name.length)}${stem}-${hash}${name.slice(stem.length)}`
}

/**
 * A JSON file is read first and filled leaf by leaf, so a value can never break out of its quotes.
 *
 * Conditions: `{"$when": "secrets.X", ...rest}` is left out unless X is set (not '', false or null);
 * `{"$when": "answers.X", "$value": a, "$else": b}` becomes a or b (without `$else` it is left out).
 */
export function renderJson(
  name: string,
  content: string,
  scope: Scope,
  secretsSet: readonly string[],
): string {
  let tree: Json
  try {
    tree = JSON.parse(content) as Json
  } catch {
    throw new RenderError(`file.${name}`, 'it is not JSON')
  }
  const holds = (reference: string): boolean => {
    if (reference.startsWith('secrets.')) return secretsSet.includes(reference.slice('secrets.'.length))
    const value = lookUp(reference, scope)
    return value !== null && value !== '' && value !== false
  }
  const value = walk(tree, scope, holds)
  return `${JSON.stringify(value === dropped ? {} : value, null, 2)}\n`
}

function walk(node: Json, scope: Scope, holds: (reference: string) => boolean): Json | typeof dropped {
  if (typeof node === 'string') return fillValue(node, scope)
  if (node === null || typeof node !== 'object') return node
  const kept = (value: Json | typeof dropped): value is Json => value !== dropped
  if (Array.isArray(node)) return node.map((item) => walk(item as Json, scope, holds)).filter(kept)
  const { $when: condition, $value: value, $else: otherwise, ...rest } = node as { [key: string]: Json }
  if (typeof condition === 'string') {
    const held = holds(condition)
    if (value !== undefined) {
      const chosen = held ? value : otherwise
      return chosen === undefined ? dropped : walk(chosen, scope, holds)
    }
    if (!held) return dropped
  }
  const filled: { [key: string]: Json } = {}
  for (const [key, member] of Object.entries(rest)) {
    const result = walk(member, scope, holds)
    if (kept(result)) filled[key] = result
  }
  return filled
}
