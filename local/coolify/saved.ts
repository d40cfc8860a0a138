import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Coolify } from './coolify.ts'
import type { Snapshot } from './tables.ts'

const lookEveryMs = 250
/** Values of variables are in it, in clear. */
const ownerOnly = 0o600

/** The database of the stand-in as a file, written whole some moments after a change. */
export class Saved {
  readonly #file: string
  readonly #coolify: Coolify
  #revision: number
  #timer: NodeJS.Timeout | undefined

  constructor(file: string, coolify: Coolify) {
    this.#file = file
    this.#coolify = coolify
    this.#revision = coolify.revision
  }

  /** Takes over what an earlier run left; a file that cannot be read is put aside, so that nothing is lost. */
  load(): void {
    if (!existsSync(this.#file)) return
    let snapshot: Snapshot
    try {
      snapshot = JSON.parse(readFileSync(this.#file, 'utf8')) as Snapshot
      if (!Array.isArray(snapshot.projects) || !Array.isArray(snapshot.services)) throw new Error('no snapshot')
    } catch {
      renameSync(this.#file, `${this.#file}.broken`)
      return
    }
    this.#coolify.restore(snapshot)
  }

  watch(): void {
    this.#timer = setInterval(() => this.save(), lookEveryMs)
    this.#timer.unref()
  }

  /** Writes if something has changed; the rename makes it whole or not at all. */
  save(): void {
    const { revision } = this.#coolify
    if (revision === this.#revision) return
    mkdirSync(dirname(this.#file), { recursive: true })
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#coolify.snapshot()), { mode: ownerOnly })
    renameSync(`${this.#file}.new`, this.#file)
    this.#revision = revision
  }

  close(): void {
    clearInterval(this.#timer)
    this.save()
  }
}
