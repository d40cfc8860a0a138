import { useSignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { TemplateVersion } from '../../pb_hooks_src/catalogue/template.ts'
import { failureOf, pb } from '../server.ts'
import type { BotRecord, TemplateRecord } from '../server.ts'
import { pick, say } from '../words.ts'
import { go } from '../router.tsx'
import { Button } from '../parts/button.tsx'
import { Field } from '../parts/field.tsx'
import { Note } from '../parts/states.tsx'
import { toast } from '../parts/toast.tsx'
import { draftOf, faultsOf, judge } from './draft.ts'
import { planRest } from './plan.ts'
import type { Rest, Size } from './plan.ts'
import { Questions } from './questions.tsx'
import { SizePicker, sizesOf } from './size.tsx'

const nameLengthMax = 80

type DeployFormProps = { versionId: string; version: TemplateVersion; template: TemplateRecord | undefined }

/** Name, size and the questions of one version. */
export function DeployForm({ versionId, version, template }: DeployFormProps) {
  const draft = useMemo(() => draftOf(version, null), [version])
  const form = useRef<HTMLFormElement>(null)
  const name = useSignal(pick(template?.name))
  const size = useSignal<Size>(version.resources.recommended)
  const rest = useSignal<Rest | null | undefined>(undefined)
  const busy = useSignal(false)
  const refused = useSignal('')
  useEffect(() => { planRest('').then((found) => { rest.value = found }, () => undefined) }, [])

  const nameFault = () => (name.value.trim() === '' ? say('required_field') : '')
  const refuse = (wrong: Record<string, string>, message: string) => {
    draft.wrong.value = wrong
    refused.value = message
    requestAnimationFrame(() => focusWrong(form.current))
  }
  const submit = async (event: Event) => {
    event.preventDefault()
    if (busy.value) return
    const checked = judge(draft)
    const wrong = { ...faultsOf(checked), ...(nameFault() === '' ? {} : { name: nameFault() }) }
    if (Object.keys(wrong).length > 0) { refuse(wrong, say('check_marked')); return }
    busy.value = true
    try {
      const bot = await pb.collection('bot_instances').create<BotRecord>({
        name: name.value.trim(), template_version: versionId, ...size.value, answers: checked.answers, secrets: checked.secrets,
      })
      draft.secrets.value = {}
      toast(say('deployed', { name: bot.name }))
      go({ page: 'bot', id: bot.id, tab: 'overview' })
    } catch (error) {
      const failure = failureOf(error)
      refuse(failure.fields, failure.message)
    } finally {
      busy.value = false
    }
  }
  const { wrong } = draft
  const full = rest.value?.bots === 0
  return (
    <form class="stack wide" ref={form} onSubmit={submit} noValidate>
      {rest.value === null && <Note tone="warn">{say('plan_none')}</Note>}
      {full && <Note tone="warn">{say('plan_full', { max: rest.value?.botsMax ?? 0 })}</Note>}
      <div class="card stack">
        <Field label={say('bot_name')} help={say('bot_name_help')} value={name.value} maxLength={nameLengthMax}
          wrong={wrong.value['name'] ?? wrong.value['slug']} testId="field-name"
          onInput={(value) => { name.value = value; wrong.value = { ...wrong.value, name: '', slug: '' } }}
          onBlur={() => { wrong.value = { ...wrong.value, name: nameFault() } }} />
      </div>
      <SizePicker sizes={sizesOf(version, null)} value={size.value} rest={rest.value} wrong={sizeFault(wrong.value)}
        onPick={(picked) => { size.value = picked; wrong.value = { ...wrong.value, cpu_milli: '', memory_mib: '', disk_mib: '' } }} />
      <Questions draft={draft} />
      {template !== undefined && <DataProtection template={template} />}
      {refused.value !== '' && <div class="note bad" role="alert">{refused.value}</div>}
      <div class="row end">
        <Button look="primary" big submit pending={busy.value} disabled={full || rest.value === null} testId="deploy-submit">
          {say(busy.value ? 'deploying' : 'deploy_do')}
        </Button>
      </div>
    </form>
  )
}

/** The refusals that belong to the size as one line. */
export function sizeFault(wrong: Record<string, string>): string {
  const sentences = ['tenant', 'cpu_milli', 'memory_mib', 'disk_mib'].map((field) => wrong[field] ?? '')
  return sentences.filter((text) => text !== '').join(' ')
}

/** Puts the reader at the first refused control. */
export function focusWrong(form: HTMLFormElement | null): void {
  const first = form?.querySelector<HTMLElement>('[aria-invalid=true]') ?? form?.querySelector<HTMLElement>('[role=alert]')
  if (first?.hasAttribute('aria-invalid') === true) first.focus()
  first?.scrollIntoView({ block: 'center' })
}

function DataProtection({ template }: { template: TemplateRecord }) {
  const { data_categories: categories, telemetry_hosts: hosts } = template.data_protection
  return (
    <details class="card flat">
      <summary>{say('data_title')}</summary>
      <div class="stack tight small soft">
        {categories.length > 0 && <p>{say('data_categories', { list: categories.map(pick).join('; ') })}</p>}
        <p>{hosts.length === 0 ? say('data_no_hosts') : say('data_hosts', { list: hosts.join(', ') })}</p>
      </div>
    </details>
  )
}
