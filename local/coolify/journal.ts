/** One request and what became of it; bodies are left out, because they hold secrets. */
export type Entry = {
  at: number
  method: string
  /** With its query. */
  path: string
  /** Null when no answer was made. */
  status: number | null
  /** The kind of the fault that struck; empty when none did. */
  fault: string
}

const entriesMax = 50_000
const droppedAtOnce = 5_000

/** What was asked of the stand-in, oldest first; the oldest are dropped. */
export class Journal {
  readonly entries: Entry[] = []

  add(entry: Entry): void {
    if (this.entries.length >= entriesMax) this.entries.splice(0, droppedAtOnce)
    this.entries.push(entry)
  }
}
