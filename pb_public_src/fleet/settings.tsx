import { useSignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { TemplateVersion } from '../../pb_hooks_src/catalogue/template.ts'
import { failureOf, pb } from '../server.ts'
import type { BotRecord } from '../server.ts'
import { say } from '../words.ts'
import { Button } from '../parts/button.tsx'
import { ConfirmDelete } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { Note } from '../parts/states.tsx'
import { toast } from '../parts/toast.tsx'
import { focusWrong, sizeFault } from './deploy-form.tsx'
import { mayChange, possible } from './bots.ts'
import { draftOf, faultsOf, judge } from './draft.ts'
import { planRest } from './plan.ts'
import type { Rest, Size } from './plan.ts'
import { Questions } from './questions.tsx'
import { SizePicker, sizesOf } from './size.tsx'

const nameLengthMax = 80

type SettingsProps = {
  bot: BotRecord
  spec: TemplateVersion
  onChange: (next: BotRecord) => void
  onStale: () => Promise<void>
  onDelete: () => Promise<void>
}

/** Name, size, answers and secrets of a bot, and its end. */
export function Settings(props: SettingsProps) {
  const { bot, onDelete } = props
  // What is edited starts from the bot as it was when the form opened; saving starts a new form.
  const round = useSignal(0)
  const pressed = useSignal(false)
  const deleting = useSignal(false)
  const can = possible(bot)
  return (
    <div class="stack wide">
      {!can.includes('edit') && <Note tone="off">{say(mayChange(bot.tenant) ? 'read_only' : 'read_only_role')}</Note>}
      <Edit key={round.value} {...props} renewed={pressed.value}
        onRound={(byButton) => { pressed.value = byButton; round.value += 1 }} />
      {can.includes('destroy') && (
        <section class="card stack danger-zone">
          <h2>{say('danger')}</h2>
          <p class="soft">{say('delete_text')}</p>
          <div class="row">
            <Button look="danger" icon="bin" testId="delete-open" onClick={() => { deleting.value = true }}>
              {say('verb_destroy')}
            </Button>
          </div>
          <ConfirmDelete name={bot.name} open={deleting.value} onClose={() => { deleting.value = false }}
            onConfirm={() => onDelete().finally(() => { deleting.value = false })} />
        </section>
      )}
    </div>
  )
}

type EditProps = SettingsProps & { /** A form follows another one because of its button. */ renewed: boolean; onRound: (byButton: boolean) => void }

function Edit({ bot, spec, renewed, onChange, onStale, onRound }: EditProps) {
  const form = useRef<HTMLFormElement>(null)
  const base = useMemo(() => bot, [])
  const stored = base.secrets_set ?? {}
  const draft = useMemo(() => draftOf(spec, { answers: base.answers ?? {}, secretsSet: Object.keys(stored) }), [spec])
  const current: Size = { cpu_milli: base.cpu_milli, memory_mib: base.memory_mib, disk_mib: base.disk_mib }
  const name = useSignal(base.name)
  const size = useSignal<Size>(current)
  const rest = useSignal<Rest | null | undefined>(undefined)
  const busy = useSignal(false)
  const refused = useSignal('')
  const touched = useRef(false)
  // A form that nobody typed into follows the bot; one with entries keeps them and lets the server judge.
  useEffect(() => { if (bot.revision !== base.revision && !touched.current && !busy.value) onRound(false) }, [bot.revision])
  useEffect(() => { planRest(base.id).then((found) => { rest.value = found }, () => undefined) }, [])
  // The button that was pressed went away with the old form; the reader's place stays with the new one.
  useEffect(() => { if (renewed) form.current?.querySelector<HTMLElement>('[type=submit]')?.focus({ preventScroll: true }) }, [])

  const refuse = (wrong: Record<string, string>, message: string) => {
    draft.wrong.value = wrong
    refused.value = message
    requestAnimationFrame(() => focusWrong(form.current))
  }
  const submit = async (event: Event) => {
    event.preventDefault()
    if (busy.value) return
    const checked = judge(draft)
    const wrong = { ...faultsOf(checked), ...(name.value.trim() === '' ? { name: say('required_field') } : {}) }
    if (Object.keys(wrong).length > 0) { refuse(wrong, say('check_marked')); return }
    busy.value = true
    try {
      const body = { name: name.value.trim(), ...size.value, answers: checked.answers, secrets: checked.secrets }
      // The server counts every change of the bot's wishes; the number says which state was edited.
      const headers = { 'If-Match': String(base.revision) }
      onChange(await pb.collection('bot_instances').update<BotRecord>(base.id, body, { headers }))
      toast(say('saved'))
      onRound(true)
    } catch (error) {
      const failure = failureOf(error)
      if (failure.status !== 412) { refuse(failure.fields, failure.message); return }
      await onStale()
      toast(say('changed_meanwhile'))
      onRound(true)
    } finally {
      busy.value = false
    }
  }
  const { wrong } = draft
  const touch = () => { touched.current = true }
  const locked = !possible(bot).includes('edit')
  return (
    <form class="stack wide" ref={form} onSubmit={submit} noValidate onClick={touch} onInput={touch}>
      <div class="card stack">
        <Field label={say('bot_name')} value={name.value} maxLength={nameLengthMax} wrong={wrong.value['name']} disabled={locked}
          testId="field-name" onInput={(value) => { name.value = value; wrong.value = { ...wrong.value, name: '' } }} />
      </div>
      <Questions draft={draft} disabled={locked} secretsSet={stored} />
      <SizePicker sizes={sizesOf(spec, current)} value={size.value} rest={rest.value} disabled={locked} wrong={sizeFault(wrong.value)}
        onPick={(picked) => { size.value = picked; wrong.value = { ...wrong.value, cpu_milli: '', memory_mib: '', disk_mib: '' } }} />
      {refused.value !== '' && <div class="note bad" role="alert">{refused.value}</div>}
      <div class="row">
        <p class="help">{say('apply_note')}</p>
        <span class="push" />
        <Button look="primary" submit pending={busy.value} disabled={locked} testId="settings-save">
          {say(busy.value ? 'saving' : 'save')}
        </Button>
      </div>
    </form>
  )
}
