import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import type { ComponentChildren } from 'preact'
import { say } from '../words.ts'
import { Button } from './button.tsx'
import { Described, describedBy } from './described.tsx'

export type FieldProps = {
  label: string
  value: string
  onInput: (value: string) => void
  onBlur?: () => void
  type?: 'text' | 'email' | 'password' | 'url' | 'number'
  help?: string
  /** The sentence of a refusal; empty or absent for none. */
  wrong?: string | undefined
  optional?: boolean
  multiline?: boolean
  autocomplete?: string
  placeholder?: string
  maxLength?: number
  disabled?: boolean
  testId?: string
  /** Stands beside the control, such as a button. */
  beside?: ComponentChildren
}

/** A labelled input with its help and its refusal tied to it. A password can be shown. */
export function Field(props: FieldProps) {
  const id = useId()
  const shown = useSignal(false)
  const { label, value, type = 'text', wrong, help, optional, multiline, beside } = props
  const kind = type === 'number' || (type === 'password' && shown.value) ? 'text' : type
  const common = {
    id, class: 'control', value, disabled: props.disabled === true, 'data-testid': props.testId,
    'aria-invalid': wrong ? ('true' as const) : undefined,
    'aria-describedby': describedBy({ id, help, wrong }),
    onBlur: () => props.onBlur?.(),
    autocomplete: props.autocomplete ?? 'off', placeholder: props.placeholder, maxLength: props.maxLength, spellcheck: false,
  }
  return (
    <div class="field">
      <label for={id}>{label}{optional === true && <span class="optional"> · {say('optional')}</span>}</label>
      <div class="joined">
        {multiline === true
          ? <textarea {...common} rows={4} onInput={(event) => props.onInput(event.currentTarget.value)} />
          : <input {...common} type={kind as 'text'}
            inputMode={type === 'number' ? 'decimal' : undefined}
            onInput={(event) => props.onInput(event.currentTarget.value)} />}
        {type === 'password' && (
          <Button look="quiet" icon="eye" label={`${say(shown.value ? 'hide' : 'show')}: ${label}`}
            onClick={() => { shown.value = !shown.value }} />
        )}
        {beside}
      </div>
      <Described id={id} help={help} wrong={wrong} />
    </div>
  )
}
