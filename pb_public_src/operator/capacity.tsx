import { ago, cores, instant, mebibytes, pick, say } from '../words.ts'
import { Badge } from '../parts/badge.tsx'
import type { Tone } from '../parts/badge.tsx'
import { useNow } from '../parts/progress.tsx'
import { whyOf } from '../fleet/why.ts'

const states = ['unknown', 'ok', 'unreachable', 'unauthorised', 'forbidden', 'disabled', 'too_old'] as const
type ConnectionState = (typeof states)[number]
export type Connection = { name: string; state: ConnectionState; reason: string; version: string; checked_at: string }

type Sizes = { cpu_milli: number; memory_mib: number; disk_mib: number }
export type Server = Sizes & {
  id: string; name: string; country: string; used: Sizes; bots: number
  enabled: boolean; maintenance: boolean; reachable: boolean; swept_at: string; status_message: string
}

const highShare = 0.75
const fullShare = 0.9

/** The platforms: what works and, if not, what to do. */
export function Connections({ rows }: { rows: readonly Connection[] }) {
  const now = useNow()
  return (
    <section class="card stack">
      <h2>{say('connections')}</h2>
      {rows.length === 0 && <p class="soft">{say('no_connections')}</p>}
      {rows.map((row) => {
        const tone: Tone = row.state === 'ok' ? 'good' : row.state === 'unknown' ? 'off' : 'bad'
        return (
          <div class="stack tight" key={row.name}>
            <div class="row">
              <strong>{row.name}</strong>
              <Badge tone={tone} word={say(`connection_${row.state}`)} />
              {row.version !== '' && <span class="soft small">Coolify {row.version}</span>}
              <span class="push soft small figures">{say('checked', { when: ago(instant(row.checked_at), now) })}</span>
            </div>
            {row.state !== 'ok' && row.state !== 'unknown' && <p class="small">{todo(row)}</p>}
          </div>
        )
      })}
    </section>
  )
}

/** What to do about a connection; what is forbidden has more than one cause, which the reason tells apart. */
function todo({ state, reason }: Connection): string {
  const known = state === 'forbidden' ? whyOf(reason) : undefined
  if (known !== undefined) return `${pick(known.text)} ${say('todo_forbidden')}`
  return state === 'ok' || state === 'unknown' ? '' : say(`todo_${state}`)
}

/** The servers with what bots have booked of them. */
export function Servers({ rows }: { rows: readonly Server[] }) {
  const now = useNow()
  return (
    <section class="stack">
      <h2>{say('servers')}</h2>
      {rows.length === 0 && <p class="soft">{say('no_servers')}</p>}
      <div class="cards">
        {rows.map((row) => (
          <article class="card stack" key={row.id}>
            <div class="row">
              <h3>{row.name}</h3><span class="soft small">{row.country}</span><span class="push" /><ServerBadge row={row} />
            </div>
            <Bar word={say('cpu')} used={row.used.cpu_milli} all={row.cpu_milli} form={cores} />
            <Bar word={say('memory')} used={row.used.memory_mib} all={row.memory_mib} form={mebibytes} />
            <Bar word={say('disk')} used={row.used.disk_mib} all={row.disk_mib} form={mebibytes} />
            <p class="soft small figures">
              {say('server_bots', { count: row.bots })} · {row.swept_at === '' ? say('server_unswept')
                : say('server_swept', { when: ago(instant(row.swept_at), now) })}
            </p>
            {row.status_message !== '' && <p class="small" lang="en">{row.status_message}</p>}
          </article>
        ))}
      </div>
    </section>
  )
}

function ServerBadge({ row }: { row: Server }) {
  if (!row.enabled) return <Badge tone="off" word={say('server_off')} />
  if (row.maintenance) return <Badge tone="warn" word={say('server_maintenance')} />
  return row.reachable ? <Badge tone="good" word={say('server_ok')} /> : <Badge tone="bad" word={say('server_away')} />
}

type BarProps = { word: string; used: number; all: number; form: (value: number) => string }

function Bar({ word, used, all, form }: BarProps) {
  const share = all > 0 ? used / all : 0
  const tone: Tone = share >= fullShare ? 'bad' : share >= highShare ? 'warn' : 'good'
  return (
    <div class="stack tight">
      <div class="row small">
        <span>{word}</span>
        <span class="push soft figures">{say('used_of', { used: form(used), all: form(all) })}</span>
      </div>
      <div class={`bar ${tone}`} aria-hidden="true"><span style={{ width: `${Math.min(100, share * 100)}%` }} /></div>
    </div>
  )
}
