import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Counts this start in a file of the volume and answers the number; an unreadable file counts as none. */
export function countStart(file: string): number {
  let before = 0
  try {
    before = Number((JSON.parse(readFileSync(file, 'utf8')) as { starts?: unknown }).starts) || 0
  } catch {
    // The first start on this volume.
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify({ starts: before + 1 })}\n`)
  return before + 1
}
