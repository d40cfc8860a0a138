import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { PHASES } from '../../pb_hooks_src/fleet/bot.ts'
import type { Phase } from '../../pb_hooks_src/fleet/bot.ts'
import { failureOf, pb, user } from '../server.ts'
import type { Failure } from '../server.ts'
import { ago, clock, instant, learn, pick, say } from '../words.ts'
import { Link } from '../router.tsx'
import { StatusBadge, phaseWord, toneOf } from '../parts/badge.tsx'
import { useNow } from '../parts/progress.tsx'
import { Empty, Failed, Note, Skeleton } from '../parts/states.tsx'
import { Connections, Servers } from './capacity.tsx'
import type { Connection, Server } from './capacity.tsx'
import { whyOf } from '../fleet/why.ts'
import { operatorWords } from '../words/operator.ts'

learn(operatorWords)

const everyMs = 5000

type Attention = {
  bot: string; name: string; tenant: string; status: Phase; status_reason: string; status_message: string; status_since: string
}
type Summary = {
  connections: Connection[]
  servers: Server[]
  phases: { [phase in Phase]?: number }
  attention: Attention[]
  work: { due: number; running: number; stuck: number }
}

/** The operator's one look: platforms, capacity, states, what needs a person, and work that is stuck. */
export function Cockpit() {
  const summary = useSignal<{ is: Summary; at: number } | null>(null)
  const failure = useSignal<Failure | null>(null)
  const read = async () => {
    try {
      summary.value = { is: await pb.send<Summary>('/api/ops/summary', {}), at: Date.now() }
      failure.value = null
    } catch (error) {
      failure.value = failureOf(error)
    }
  }
  useEffect(() => {
    void read()
    const timer = setInterval(() => { if (!document.hidden) void read() }, everyMs)
    return () => clearInterval(timer)
  }, [])
  useEffect(() => { document.title = `${say('cockpit')} · ${say('product')}` })
  if (user.value?.staff !== 'operator') {
    return <div class="page narrow"><h1 class="hidden-text">{say('cockpit')}</h1><Empty title={say('cockpit')} text={say('not_operator')} /></div>
  }
  const seen = summary.value
  return (
    <div class="page">
      <div class="head">
        <h1 tabIndex={-1}>{say('cockpit')}</h1>
        {seen !== null && <p class="small figures">{say('cockpit_lead', { when: clock(seen.at) })}</p>}
      </div>
      {failure.value !== null && <Failed failure={failure.value} onAgain={read} />}
      {seen === null && failure.value === null && <Skeleton lines={6} />}
      {seen !== null && (
        <>
          <AttentionList rows={seen.is.attention} />
          <div class="split">
            <Phases counts={seen.is.phases} />
            <WorkLoad work={seen.is.work} />
          </div>
          <Connections rows={seen.is.connections} />
          <Servers rows={seen.is.servers} />
        </>
      )}
    </div>
  )
}

function AttentionList({ rows }: { rows: readonly Attention[] }) {
  const now = useNow()
  if (rows.length === 0) return <Note tone="good" title={say('attention')}><p>{say('attention_none')}</p></Note>
  return (
    <section class="card stack">
      <h2>{say('attention')}</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label={say('attention')}>
        <table class="small">
          <thead>
            <tr>
              <th scope="col">{say('column_bot')}</th><th scope="col">{say('column_customer')}</th>
              <th scope="col">{say('column_state')}</th><th scope="col">{say('column_since')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => {
              const reason = whyOf(row.status_reason)
              return (
                <tr key={row.bot}>
                  <td><Link to={{ page: 'bot', id: row.bot, tab: 'logs' }}>{row.name}</Link></td>
                  <td>{row.tenant}</td>
                  <td>
                    <StatusBadge phase={row.status} />
                    <p>{reason === undefined ? row.status_reason : pick(reason.text)}</p>
                    {row.status_message !== '' && <p class="soft" lang="en">{row.status_message}</p>}
                  </td>
                  <td class="figures">{ago(instant(row.status_since), now)}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Phases({ counts }: { counts: Summary['phases'] }) {
  const some = PHASES.filter((phase) => (counts[phase] ?? 0) > 0)
  return (
    <section class="card stack">
      <h2>{say('phases')}</h2>
      {some.length === 0 && <p class="soft">{say('no_bots')}</p>}
      <dl class="counts">
        {some.map((phase) => (
          <div class={toneOf(phase)} key={phase}><dd class="figures">{counts[phase]}</dd><dt>{phaseWord(phase)}</dt></div>
        ))}
      </dl>
    </section>
  )
}

function WorkLoad({ work }: { work: Summary['work'] }) {
  return (
    <section class="card stack">
      <h2>{say('work_title')}</h2>
      <dl class="counts">
        <div class="off"><dd class="figures">{work.due}</dd><dt>{say('work_due')}</dt></div>
        <div class="moving"><dd class="figures">{work.running}</dd><dt>{say('work_running')}</dt></div>
        <div class={work.stuck > 0 ? 'bad' : 'off'}><dd class="figures">{work.stuck}</dd><dt>{say('work_stuck')}</dt></div>
      </dl>
      {work.stuck > 0 && <Note tone="bad"><p>{say('work_stuck_text')}</p></Note>}
    </section>
  )
}
