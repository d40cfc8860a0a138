import { useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { catalogue, user } from '../server.ts'
import type { BotRecord, VersionRecord } from '../server.ts'
import { ago, cores, instant, mebibytes, pick, say } from '../words.ts'
import { Link, go } from '../router.tsx'
import { StatusBadge, toneOf } from '../parts/badge.tsx'
import { Button } from '../parts/button.tsx'
import { Icon } from '../parts/icons.tsx'
import { useNow } from '../parts/progress.tsx'
import { Empty, Failed, Note, Skeleton } from '../parts/states.tsx'
import { liveBots, mayChange, possible } from './bots.ts'
import { whyOf } from './why.ts'

/** The customer's bots, live. */
export function BotList() {
  const bots = useMemo(() => liveBots(), [])
  const versions = useSignal<readonly VersionRecord[]>([])
  useEffect(() => bots.stop, [bots])
  useEffect(() => { catalogue().then((found) => { versions.value = found }, () => undefined) }, [])
  useEffect(() => { document.title = `${say('list_title')} · ${say('product')}` })
  const rows = bots.rows.value
  const may = mayChange(user.value?.tenant ?? '')
  const deploy = (big: boolean) => may && (
    <Button look="primary" icon="plus" big={big} testId="deploy-button" onClick={() => go({ page: 'deploy', version: '' })}>
      {say('deploy_new')}
    </Button>
  )
  return (
    <div class="page">
      <div class="head">
        <h1 tabIndex={-1}>{say('list_title')}</h1>
        <div class="push" />
        {rows !== null && rows.length > 0 && deploy(false)}
      </div>
      {bots.failure.value !== null && <Failed failure={bots.failure.value} onAgain={bots.reread} />}
      {user.value?.tenant === '' && user.value.staff === '' && <Note tone="warn">{say('no_tenant')}</Note>}
      {rows === null && bots.failure.value === null && <Skeleton />}
      {rows?.length === 0 && <Empty title={say('empty_title')} text={say(may ? 'empty_text' : 'empty_text_reader')}>{deploy(true)}</Empty>}
      {rows !== null && rows.length > 0 && (
        <ul class="bots">
          {rows.map((bot) => (
            <Row key={bot.id} bot={bot} version={versions.value.find(({ id }) => id === bot.template_version)} />
          ))}
        </ul>
      )}
    </div>
  )
}

/** The sentence of a state that needs one: trouble and waiting, not the usual course. */
function trouble(bot: BotRecord): string {
  const tone = toneOf(bot.status)
  const waits = /^(waiting_|platform_|answer_lost)/.test(bot.status_reason)
  const reason = whyOf(bot.status_reason)
  return reason !== undefined && (tone === 'bad' || tone === 'warn' || waits) ? pick(reason.text) : ''
}

function Row({ bot, version }: { bot: BotRecord; version: VersionRecord | undefined }) {
  const now = useNow()
  const template = version?.expand?.template
  const reason = trouble(bot)
  return (
    <li data-testid="bot-row" data-bot={bot.id} data-status={bot.status}>
      <div class="bot">
        <div>
          <Link class="name" to={{ page: 'bot', id: bot.id, tab: 'overview' }}>{bot.name}</Link>
          <p class="small soft">{template === undefined ? ' ' : `${pick(template.name)} ${version?.app_version ?? ''}`}</p>
        </div>
        <div data-testid="bot-status" data-status={bot.status}><StatusBadge phase={bot.status} /></div>
        <p class="address small soft">{bot.url === '' ? say('no_address') : bot.url.replace(/^https?:\/\//, '')}</p>
        <div class="size small soft figures">
          <p>{cores(bot.cpu_milli)} · {mebibytes(bot.memory_mib)}</p>
          <p>{ago(instant(bot.status_since), now)}</p>
        </div>
        {possible(bot).includes('open')
          ? (
            <a class="button" href={bot.url} target="_blank" rel="noreferrer" data-testid="open-link"
              aria-label={say('open_bot', { name: bot.name })}>{say('open')}<Icon name="out" /></a>
          )
          : <span />}
        {reason !== '' && <p class="reason">{reason}</p>}
      </div>
    </li>
  )
}
