import type { Question, TemplateVersion } from '../../pb_hooks_src/catalogue/template.ts'
import { formQuestions } from '../../pb_hooks_src/catalogue/answers.ts'
import type { BotRecord, VersionRecord } from '../server.ts'
import { cores, instant, mebibytes, moment, pick, say, span } from '../words.ts'
import { toneOf } from '../parts/badge.tsx'
import { CopyField } from '../parts/copy-field.tsx'
import { Progress, useNow } from '../parts/progress.tsx'
import { Note } from '../parts/states.tsx'

type OverviewProps = { bot: BotRecord; version: VersionRecord | undefined; spec: TemplateVersion | null }

/** Address, progress, and what is configured. */
export function Overview({ bot, version, spec }: OverviewProps) {
  const after = pick(spec?.instructions.after)
  return (
    <div class="stack wide">
      <Going bot={bot} />
      {after !== '' && bot.status === 'running' && <Note tone="good" title={say('after_title')}><p>{after}</p></Note>}
      <div class="split">
        <section class="card stack">
          <h2>{say('facts')}</h2>
          <Facts bot={bot} version={version} />
        </section>
        <section class="card stack">
          <h2>{say('configured')}</h2>
          {spec !== null && <Configured bot={bot} spec={spec} />}
        </section>
      </div>
    </div>
  )
}

/** How far the bot is, while it is on its way to running or got stuck there. */
function Going({ bot }: { bot: BotRecord }) {
  const now = useNow()
  const upwards = bot.desired_state === 'running' && (toneOf(bot.status) === 'moving' || bot.status === 'failed')
  if (!upwards || bot.status === 'stopping') return null
  // Until it was ready once, the whole way counts; later the phase it is in.
  const since = instant(bot.ready_at === '' ? bot.created : bot.status_since)
  return (
    <section class="card stack">
      <div class="row">
        <h2>{say('progress')}</h2>
        <span class="push" />
        {bot.status !== 'failed' && <span class="soft small figures">{say('elapsed', { span: span(now - since) })}</span>}
      </div>
      <Progress bot={bot} />
    </section>
  )
}

function Facts({ bot, version }: { bot: BotRecord; version: VersionRecord | undefined }) {
  const first = bot.generation === 1 && bot.ready_at !== ''
  return (
    <dl class="facts">
      <dt>{say('address')}</dt>
      <dd>{bot.url === '' ? say('no_address') : <CopyField value={bot.url} />}</dd>
      <dt>{say('template')}</dt>
      <dd>{version === undefined ? '–' : `${pick(version.expand?.template?.name)} ${version.app_version}`}</dd>
      <dt>{say('size')}</dt>
      <dd class="figures">
        {cores(bot.cpu_milli)} · {mebibytes(bot.memory_mib)} · {say('size_disk', { disk: mebibytes(bot.disk_mib) })}
      </dd>
      <dt>{say('created_at')}</dt>
      <dd>{moment(instant(bot.created))}</dd>
      <dt>{say('ready_at')}</dt>
      <dd class="figures">
        {moment(instant(bot.ready_at))}
        {first && <span class="soft small"> · {say('ready_in', { span: span(instant(bot.ready_at) - instant(bot.created)) })}</span>}
      </dd>
    </dl>
  )
}

function Configured({ bot, spec }: { bot: BotRecord; spec: TemplateVersion }) {
  const questions = formQuestions(spec)
  if (questions.length === 0) return <p class="soft">{say('nothing_configured')}</p>
  return (
    <dl class="facts">
      {questions.map((question) => (
        <>
          <dt key={question.key}>{pick(question.label)}</dt>
          <dd>{shownValue(question, bot)}</dd>
        </>
      ))}
    </dl>
  )
}

/** An answer in words; of a secret only when it was set. */
function shownValue(question: Question, bot: BotRecord) {
  if (question.kind === 'secret') {
    const at = bot.secrets_set?.[question.key]
    return <span class="soft">{at === undefined ? say('secret_unset') : say('secret_set', { when: moment(instant(at)) })}</span>
  }
  const value = bot.answers?.[question.key]
  if (question.kind === 'boolean') return say(value === true ? 'yes' : 'no')
  if (value === undefined || value === '') return <span class="soft">{say('empty_value')}</span>
  const option = question.options.find((one) => one.value === value)
  return option === undefined ? String(value) : pick(option.label)
}
