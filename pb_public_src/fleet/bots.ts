import { effect } from '@preact/signals'
import { live } from '../live.ts'
import type { Live } from '../live.ts'
import { EDITORS } from '../../pb_hooks_src/fleet/can.ts'
import type { Verb } from '../../pb_hooks_src/fleet/can.ts'
import { pb, user } from '../server.ts'
import type { BotRecord } from '../server.ts'
import { say } from '../words.ts'
import { phaseWord } from '../parts/badge.tsx'
import { announce } from '../parts/toast.tsx'

/** The verbs that are a change of the record; opening and editing are not among them. */
export type BotVerb = 'start' | 'stop' | 'restart' | 'redeploy'

/** May the reader change bots of this tenant? The server refuses it anyway; this is so that nobody is offered it. */
export function mayChange(tenant: string): boolean {
  const who = user.value
  return who !== null && tenant !== '' && who.tenant === tenant && EDITORS.includes(who.role)
}

/** What the reader can do with a bot now: the server says what its state allows, the role decides the rest. */
export function possible(bot: BotRecord): readonly Verb[] {
  const may = mayChange(bot.tenant)
  return (bot.can ?? []).filter((verb) => verb === 'open' || may)
}

/** Tells the server what is wanted; its answer is the bot as it stands now. */
export function want(bot: BotRecord, verb: BotVerb): Promise<BotRecord> {
  return pb.collection('bot_instances').update<BotRecord>(bot.id, bodyOf(bot, verb))
}

/** A bot that failed is wanted running already, so that its start has to be a restart: the same state is no change. */
function bodyOf(bot: BotRecord, verb: BotVerb): object {
  if (verb === 'stop') return { desired_state: 'stopped' }
  if (verb === 'start') return bot.desired_state === 'running' ? { action: 'restart' } : { desired_state: 'running' }
  return { action: verb }
}

/** The live bots, each change of state announced to screen readers. */
export function liveBots(id?: string): Live<BotRecord> {
  // The rule alone would scan every tenant's bots; with the filter the index on tenant answers.
  const tenant = String(pb.authStore.record?.['tenant'] ?? '')
  const list = tenant === '' ? { sort: '-created' } : { sort: '-created', filter: `tenant = "${tenant}"` }
  const bots = live<BotRecord>('bot_instances', id === undefined ? list : { id })
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
