import { signal } from '@preact/signals'
import type { Signal } from '@preact/signals'
import type { RecordSubscription } from 'pocketbase'
import { failureOf, pb } from './server.ts'
import type { Failure } from './server.ts'

/** How often a list is read again as a safety net; record topics tell nothing about new rows. */
const rereadMs = 15_000
const readsMax = 3

/** Rows that stay current until `stop`; null until the first answer. */
export type Live<Row> = {
  rows: Signal<readonly Row[] | null>
  failure: Signal<Failure | null>
  /** Reads the list anew, for example after an own create. */
  reread(): Promise<void>
  stop(): void
}

export type LiveOptions = { id?: string; filter?: string; sort?: string }

/**
 * Keeps the records of a collection current: list first, then subscribe to each record's own topic (never
 * `*`: topics of rules with joins cost the server a query per subscriber), and read everything again on
 * every reconnect, because events that fell into the gap are lost.
 */
export function live<Row extends { id: string }>(collection: string, options: LiveOptions = {}): Live<Row> {
  const rows = signal<readonly Row[] | null>(null)
  const failure = signal<Failure | null>(null)
  const topics = new Map<string, Promise<() => Promise<void>>>()
  let stopped = false
  let turn = 0
  let heard = 0

  const hear = (event: RecordSubscription<Row>) => {
    if (stopped || rows.value === null) return
    heard += 1
    rows.value = event.action === 'delete'
      ? rows.value.filter((row) => row.id !== event.record.id)
      : rows.value.map((row) => (row.id === event.record.id ? event.record : row))
  }
  const follow = () => {
    const wanted = new Set((rows.value ?? []).map((row) => row.id))
    const added: Promise<unknown>[] = []
    for (const id of wanted) {
      if (topics.has(id)) continue
      const topic = pb.collection(collection).subscribe<Row & Record<string, unknown>>(id, hear as never)
      topics.set(id, topic)
      added.push(topic)
      topic.catch(() => topics.delete(id))
    }
    for (const [id, topic] of topics) {
      if (wanted.has(id)) continue
      topics.delete(id)
      leave(topic)
    }
    // What changed between the reading and the subscription was told to nobody. When realtime fails, the
    // timer asks again: rereading at once would go round and round.
    if (added.length > 0) Promise.all(added).then(() => (stopped ? undefined : reread()), () => undefined)
  }
  const reread = async (): Promise<void> => {
    const mine = ++turn
    try {
      // An answer may be older than an event that came while it was on its way: then it is asked for again.
      for (let left = readsMax; left > 0 && !stopped && mine === turn; left -= 1) {
        const before = heard
        const found = await read<Row>(collection, options)
        if (stopped || mine !== turn) return
        failure.value = null
        if (before !== heard && left > 1) continue
        rows.value = found
        follow()
        return
      }
    } catch (error) {
      if (!stopped) failure.value = failureOf(error)
    }
  }

  const connects = pb.realtime.subscribe('PB_CONNECT', () => { void reread() })
  const timer = setInterval(() => { if (!document.hidden) void reread() }, rereadMs)
  const wake = () => { if (!document.hidden) void reread() }
  document.addEventListener('visibilitychange', wake)
  void reread()
  return {
    rows, failure, reread,
    stop() {
      stopped = true
      clearInterval(timer)
      document.removeEventListener('visibilitychange', wake)
      leave(connects)
      for (const topic of topics.values()) leave(topic)
    },
  }
}

/** One record by its id, or the list of a filter. A record that is gone is an empty list. */
async function read<Row extends { id: string }>(collection: string, { id, filter, sort }: LiveOptions): Promise<Row[]> {
  if (id === undefined) {
    return pb.collection(collection).getFullList<Row>({ sort: sort ?? '', ...(filter === undefined ? {} : { filter }) })
  }
  try {
    return [await pb.collection(collection).getOne<Row>(id)]
  } catch (error) {
    if (failureOf(error).status === 404) return []
    throw error
  }
}

/** Ends one subscription; a connection that is already gone needs no goodbye. */
function leave(topic: Promise<() => Promise<void>>): void {
  topic.then((end) => end()).catch(() => undefined)
}
