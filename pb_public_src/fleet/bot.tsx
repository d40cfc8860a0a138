import { useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { TemplateVersion } from '../../pb_hooks_src/catalogue/template.ts'
import { catalogue, failureOf, pb, specOf } from '../server.ts'
import type { BotRecord, VersionRecord } from '../server.ts'
import { ago, instant, learn, moment, pick, say } from '../words.ts'
import type { Word } from '../words.ts'
import { Link, go } from '../router.tsx'
import type { BotTab } from '../router.tsx'
import { StatusBadge, toneOf } from '../parts/badge.tsx'
import { Button } from '../parts/button.tsx'
import { ConfirmDelete } from '../parts/dialog.tsx'
import { Icon } from '../parts/icons.tsx'
import { Menu } from '../parts/menu.tsx'
import { useNow } from '../parts/progress.tsx'
import { Empty, Failed, Note, Skeleton } from '../parts/states.tsx'
import { toast } from '../parts/toast.tsx'
import { liveBots, possible, want } from './bots.ts'
import type { BotVerb } from './bots.ts'
import { Logs } from './logs.tsx'
import { Overview } from './overview.tsx'
import { Settings } from './settings.tsx'
import { whyOf } from './why.ts'
import { botWords } from '../words/bot.ts'

learn(botWords)

const tabs: readonly BotTab[] = ['overview', 'logs', 'settings']

/** One bot, live: what it does now, what can be done, and its three tabs. */
export function BotPage({ id, tab }: { id: string; tab: BotTab }) {
  const bots = useMemo(() => liveBots(id), [id])
  useEffect(() => bots.stop, [bots])
  const bot = bots.rows.value?.[0]
  const made = useMade(bot?.template_version ?? '')
  useEffect(() => { document.title = `${bot?.name ?? say('loading')} · ${say('product')}` })
  if (bots.rows.value === null) {
    return (
      <div class="page">
        {bots.failure.value === null ? <Skeleton lines={6} /> : <Failed failure={bots.failure.value} onAgain={bots.reread} />}
      </div>
    )
  }
  if (bot === undefined) return <Missing />
  const took = (next: BotRecord) => { bots.rows.value = [next] }
  return (
    <div class="page">
      <Head bot={bot} onChange={took} onStale={bots.reread} />
      <nav class="tabs" aria-label={say('bot_parts')}>
        {tabs.map((one) => <Link key={one} to={{ page: 'bot', id, tab: one }} current={one === tab}>{say(`tab_${one}`)}</Link>)}
      </nav>
      {bots.failure.value !== null && <Failed failure={bots.failure.value} onAgain={bots.reread} />}
      {tab === 'overview' && <Overview bot={bot} version={made.version} spec={made.spec} />}
      {tab === 'logs' && <Logs bot={bot} />}
      {tab === 'settings' && (made.spec === null ? <Skeleton lines={6} />
        : <Settings bot={bot} spec={made.spec} onChange={took} onStale={bots.reread} onDelete={() => destroy(bot, took)} />)}
    </div>
  )
}

/** The version that the bot is made of; null until it is read. */
function useMade(versionId: string): { version: VersionRecord | undefined; spec: TemplateVersion | null } {
  const version = useSignal<VersionRecord | undefined>(undefined)
  const spec = useSignal<TemplateVersion | null>(null)
  useEffect(() => {
    if (versionId === '') return
    catalogue().then((all) => { version.value = all.find((one) => one.id === versionId) }, () => undefined)
    specOf(versionId).then((whole) => { spec.value = whole }, (error: unknown) => toast(failureOf(error).message))
  }, [versionId])
  return { version: version.value, spec: spec.value }
}

function Missing() {
  return (
    <div class="page narrow">
      <h1 tabIndex={-1} class="hidden-text">{say('bot_missing')}</h1>
      <Empty title={say('bot_missing')} text={say('bot_missing_text')}>
        <Button look="primary" onClick={() => go({ page: 'list' })}>{say('to_list')}</Button>
      </Empty>
    </div>
  )
}

/** Asks for the end of a bot; it stays visible until nothing of it is left. */
async function destroy(bot: BotRecord, took: (next: BotRecord) => void): Promise<void> {
  try {
    await pb.collection('bot_instances').delete(bot.id)
    took({ ...bot, status: 'deleting', status_reason: 'deleting', desired_state: 'deleted', can: [] })
    go({ page: 'list' })
  } catch (error) {
    toast(failureOf(error).message)
  }
}

type HeadProps = { bot: BotRecord; onChange: (next: BotRecord) => void; onStale: () => Promise<void> }

function Head({ bot, onChange, onStale }: HeadProps) {
  const now = useNow()
  const deleting = useSignal(false)
  const since = instant(bot.status_since)
  return (
    <div class="status">
      <div class="head">
        <Link class="small" to={{ page: 'list' }}>← {say('to_list')}</Link>
        <div class="row title-row">
          <h1 tabIndex={-1}>{bot.name}</h1>
          <span data-testid="bot-status" data-status={bot.status}><StatusBadge phase={bot.status} /></span>
          <span class="small soft" title={moment(since)}>{say('changed', { when: ago(since, now) })}</span>
          <Verbs bot={bot} onChange={onChange} onStale={onStale} onDelete={() => { deleting.value = true }} />
        </div>
      </div>
      <Why bot={bot} />
      <ConfirmDelete name={bot.name} open={deleting.value} onClose={() => { deleting.value = false }}
        onConfirm={() => destroy(bot, onChange).finally(() => { deleting.value = false })} />
    </div>
  )
}

/** Why the bot is as it is, and what happens next or what to do. */
function Why({ bot }: { bot: BotRecord }) {
  const reason = whyOf(bot.status_reason)
  if (bot.status === 'running' && bot.status_reason === 'healthy') return null
  const text = reason === undefined ? bot.status_message : pick(reason.text)
  if (text === '') return null
  const waits = /^(waiting_|platform_)/.test(bot.status_reason) && toneOf(bot.status) === 'moving'
  const detail = toneOf(bot.status) === 'bad' && bot.status_message !== '' && bot.status_message !== text
  return (
    <Note tone={waits ? 'warn' : toneOf(bot.status)} title={text}>
      {reason !== undefined && pick(reason.next) !== '' && <p>{pick(reason.next)}</p>}
      {detail && <code lang="en">{bot.status_message}</code>}
    </Note>
  )
}

const secondary: readonly BotVerb[] = ['restart', 'redeploy', 'stop', 'start']

type VerbsProps = HeadProps & { onDelete: () => void }

/** One main action by the bot's state, the others in a menu. The server says which are possible. */
function Verbs({ bot, onChange, onStale, onDelete }: VerbsProps) {
  const can = possible(bot)
  const pending = useSignal<BotVerb | null>(null)
  const run = async (verb: BotVerb) => {
    if (pending.value !== null) return
    pending.value = verb
    try {
      onChange(await want(bot, verb))
    } catch (error) {
      toast(failureOf(error).message)
      await onStale()
    } finally {
      pending.value = null
    }
  }
  const verbs = secondary.filter((verb) => can.includes(verb))
  const main: BotVerb | 'open' | undefined = can.includes('open') ? 'open'
    : can.includes('start') && bot.desired_state === 'stopped' ? 'start' : can.includes('redeploy') ? 'redeploy' : verbs[0]
  const shown = (verb: BotVerb, look: 'primary' | 'quiet' | undefined) => (
    <Button {...(look === undefined ? {} : { look })} icon={verb} pending={pending.value === verb} testId={`verb-${verb}`}
      onClick={() => { void run(verb) }}>{say(`verb_${verb}` satisfies Word)}</Button>
  )
  const beside: BotVerb | undefined = main === 'open' && can.includes('stop') ? 'stop' : undefined
  const rest = verbs.filter((verb) => verb !== main && verb !== beside)
  return (
    <div class="row push">
      {main === 'open' && (
        <a class="button primary" href={bot.url} target="_blank" rel="noreferrer" data-testid="open-link">
          {say('open')}<Icon name="out" />
        </a>
      )}
      {main !== undefined && main !== 'open' && shown(main, main === 'stop' ? undefined : 'primary')}
      {beside !== undefined && shown(beside, undefined)}
      {(rest.length > 0 || can.includes('destroy')) && (
        <Menu label={say('more_actions')} icon="more" testId="bot-menu" pending={pending.value !== null && rest.includes(pending.value)}>
          {rest.map((verb) => <li key={verb}>{shown(verb, 'quiet')}</li>)}
          {can.includes('destroy') && (
            <li><Button look="quiet" icon="bin" testId="menu-delete" onClick={onDelete}>{say('verb_destroy')}</Button></li>
          )}
        </Menu>
      )}
    </div>
  )
}
