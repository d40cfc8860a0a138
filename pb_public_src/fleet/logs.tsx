import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { LOG_STEPS } from '../../pb_hooks_src/fleet/log.ts'
import { failureOf, pb } from '../server.ts'
import type { BotRecord, LogRecord } from '../server.ts'
import { clock, fill, instant, moment, pick, say } from '../words.ts'
import { Button } from '../parts/button.tsx'
import { LogView } from '../parts/log-view.tsx'
import { toast } from '../parts/toast.tsx'
import { whyOf } from './why.ts'

const pageSize = 50
const tailEveryMs = 2000

/** What the fleet did for a bot, and what the bot itself writes. */
export function Logs({ bot }: { bot: BotRecord }) {
  return <div class="stack wide"><Activity bot={bot} /><Tail botId={bot.id} /></div>
}

function Activity({ bot }: { bot: BotRecord }) {
  const rows = useSignal<readonly LogRecord[] | null>(null)
  const more = useSignal(false)
  const read = async (bounds: string, sort: string): Promise<LogRecord[]> => {
    const filter = `bot="${bot.id}"${bounds}`
    const page = await pb.collection('deploy_logs').getList<LogRecord>(1, pageSize, { filter, sort, skipTotal: true })
    return page.items
  }
  useEffect(() => {
    const known = rows.value
    const newest = known?.[known.length - 1]?.seq ?? 0
    // The first time the newest page, afterwards only what came after the last line.
    const reading = known === null ? read('', '-seq').then((found) => found.reverse()) : read(` && seq>${newest}`, 'seq')
    reading.then((found) => {
      if (known === null) more.value = found.length === pageSize
      rows.value = merged(rows.value ?? [], found)
    }, (error: unknown) => toast(failureOf(error).message))
  }, [bot.log_seq])
  const earlier = async () => {
    const found = await read(` && seq<${rows.value?.[0]?.seq ?? 0}`, '-seq')
    more.value = found.length === pageSize
    rows.value = merged(found, rows.value ?? [])
  }
  return (
    <section class="card stack">
      <div class="row">
        <h2>{say('activity')}</h2>
        <span class="push" />
        {more.value && <Button onClick={earlier}>{say('earlier')}</Button>}
      </div>
      {rows.value === null || rows.value.length === 0
        ? <p class="soft">{say(rows.value === null ? 'loading' : 'activity_empty')}</p>
        : (
          <LogView label={say('activity')} count={rows.value.length} testId="deploy-lines">
            {rows.value.map((row) => (
              <li key={row.seq} data-step={row.step}>
                <time title={moment(instant(row.at))}>{clock(instant(row.at))}</time><LogLine row={row} />
              </li>
            ))}
          </LogView>
        )}
    </section>
  )
}

/** Rows by rising `seq`, each once. */
function merged(one: readonly LogRecord[], other: readonly LogRecord[]): LogRecord[] {
  return [...new Map([...one, ...other].map((row) => [row.seq, row])).values()].sort((a, b) => a.seq - b.seq)
}

function LogLine({ row }: { row: LogRecord }) {
  const step = LOG_STEPS[row.step as keyof typeof LOG_STEPS]
  const params: Record<string, string> = { ...row.params }
  const why = whyOf(params['why'] ?? '')
  if (why !== undefined) params['why'] = pick(why.text)
  if (params['what'] !== undefined) params['what'] = whatWord(params['what'])
  const text = step === undefined ? row.message : fill(pick(step), params)
  if (row.level === 'info') return <span>{text}</span>
  return <span class={row.level === 'error' ? 'bad' : 'warn'}>{say(`level_${row.level}`)}: {text}</span>
}

const whats = ['create', 'spec', 'rename', 'running', 'stopped', 'restart', 'redeploy', 'delete'] as const

/** What an accepted request asked for; the codes are the server's (deploy_logs, step `accepted`). */
function whatWord(code: string): string {
  const known = whats.find((what) => what === code)
  return known === undefined ? code : say(`what_${known}`)
}

type TailReply = { lines: string[]; at: string; state: 'ok' | 'waiting' | 'unavailable'; reason: string }

/** The end of the container's own output; asking makes the server fetch a fresh one. */
function Tail({ botId }: { botId: string }) {
  const tail = useSignal<TailReply | null>(null)
  useEffect(() => {
    let ended = false
    let timer: ReturnType<typeof setTimeout>
    const ask = async () => {
      if (!document.hidden) {
        const reply = await pb.send<TailReply>(`/api/bots/${botId}/logs`, {}).catch(() => null)
        if (reply !== null && !ended) tail.value = reply
      }
      if (!ended) timer = setTimeout(() => { void ask() }, tailEveryMs)
    }
    void ask()
    return () => { ended = true; clearTimeout(timer) }
  }, [botId])
  const { lines, at, state, reason } = tail.value ?? { lines: [], at: '', state: 'waiting', reason: '' }
  const why = whyOf(reason)
  const unavailable = reason === 'not_running' ? say('log_not_running') : why === undefined ? say('log_unavailable') : pick(why.text)
  return (
    <section class="card stack">
      <div class="row">
        <h2>{say('container_log')}</h2>
        <span class="push" />
        {at !== '' && <span class="soft small figures">{say('log_at', { when: clock(instant(at)) })}</span>}
      </div>
      {state === 'unavailable' && <p class="note warn">{unavailable}</p>}
      {lines.length > 0
        ? (
          <LogView label={say('container_log')} count={lines.length + instant(at)} testId="log-lines">
            {lines.map((line, index) => <li class="plain" key={index}>{line}</li>)}
          </LogView>
        )
        : state !== 'unavailable' && <p class="soft">{say(state === 'ok' ? 'log_empty' : 'log_waiting')}</p>}
    </section>
  )
}
