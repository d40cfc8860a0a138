import { useEffect } from 'preact/hooks'
import { signal } from '@preact/signals'
import { say } from '../words.ts'
import type { BotRecord } from '../server.ts'

const tickMs = 1000

/** The time of day as the screen knows it, epoch milliseconds; it moves while something shows it. */
export const now = signal(Date.now())
let watchers = 0
let timer: ReturnType<typeof setInterval> | undefined

/** Keeps `now` moving while the component stands. */
export function useNow(): number {
  useEffect(() => {
    watchers += 1
    now.value = Date.now()
    timer ??= setInterval(() => { now.value = Date.now() }, tickMs)
    return () => {
      watchers -= 1
      if (watchers > 0) return
      clearInterval(timer)
      timer = undefined
    }
  }, [])
  return now.value
}

const stations = ['step_accepted', 'step_created', 'step_starting', 'step_running'] as const

/** Failures that happen before the platform has the bot. */
const beforeSetUp: readonly string[] = [
  'template_broken', 'secret_unreadable', 'platform_refused', 'platform_route_missing', 'domain_taken',
]

/** How far a bot is on its way to running: index of the station that is under way. */
function stationOf(bot: BotRecord): number {
  if (bot.status === 'queued') return 0
  if (bot.status === 'provisioning' || bot.status === 'updating') return 1
  if (bot.status === 'starting' || bot.status === 'restarting') return 2
  if (bot.status === 'failed' && beforeSetUp.includes(bot.status_reason)) return 1
  return bot.status === 'running' || bot.status === 'degraded' ? 4 : 2
}

/** The stations from accepted to running. */
export function Progress({ bot }: { bot: BotRecord }) {
  const at = stationOf(bot)
  const stuck = bot.status === 'failed'
  return (
    <ol class="steps">
      {stations.map((word, index) => (
        <li key={word} class={index < at ? 'done' : index > at ? '' : stuck ? 'stuck' : 'now'}
          aria-current={index === at ? 'step' : undefined}>{say(word)}</li>
      ))}
    </ol>
  )
}
