import { effect } from '@preact/signals'
import { live } from '../live.ts'
import type { Live } from '../live.ts'
import { pb } from '../server.ts'
import type { BotRecord } from '../server.ts'
import { say } from '../words.ts'
import { phaseWord } from '../parts/badge.tsx'
import { announce } from '../parts/toast.tsx'

/** The verbs that are a change of the record; opening and editing are not among them. */
export type BotVerb = 'start' | 'stop' | 'restart' | 'redeploy'

/** Tells the server what is wanted; its answer is the bot as it stands now. */
export function want(bot: BotRecord, verb: BotVerb): Promise<BotRecord> {
  const body = verb === 'start' ? { desired_state: 'running' } : verb === 'stop' ? { desired_state: 'stopped' } : { action: verb }
  return pb.collection('bot_instances').update<BotRecord>(bot.id, body)
}

/** The live bots, each change of state announced to screen readers. */
export function liveBots(id?: string): Live<BotRecord> {
  const bots = live<BotRecord>('bot_instances', id === undefined ? { sort: '-created' } : { id })
  const known = new Map<string, string>()
  const end = effect(() => {
    for (const bot of bots.rows.value ?? []) {
      const before = known.get(bot.id)
      known.set(bot.id, bot.status)
      if (before !== undefined && before !== bot.status) {
        announce(say('status_changed', { name: bot.name, status: phaseWord(bot.status) }))
      }
    }
  })
  return { ...bots, stop() { end(); bots.stop() } }
}
