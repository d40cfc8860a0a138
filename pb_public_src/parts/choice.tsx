import { useId } from 'preact/hooks'
import { say } from '../words.ts'
import { Described, describedBy } from './described.tsx'

type Common = { label: string; help?: string; wrong?: string | undefined; disabled?: boolean; testId?: string }
type SelectProps = Common & {
  value: string
  options: readonly { value: string; label: string }[]
  optional?: boolean
  onPick: (value: string) => void
  onBlur?: () => void
}

/** A native select; without a value it asks to choose. */
export function Select({ label, value, options, help, wrong, optional, disabled, testId, onPick, onBlur }: SelectProps) {
  const id = useId()
  const open = value === '' || optional === true
  return (
    <div class="field">
      <label for={id}>{label}{optional === true && <span class="optional"> · {say('optional')}</span>}</label>
      <select id={id} class="control" value={value} disabled={disabled === true} data-testid={testId}
        aria-invalid={wrong ? 'true' : undefined} aria-describedby={describedBy({ id, help, wrong })}
        onChange={(event) => onPick(event.currentTarget.value)} onBlur={() => onBlur?.()}>
        {open && <option value="">{say('choose_option')}</option>}
        {options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
      </select>
      <Described id={id} help={help} wrong={wrong} />
    </div>
  )
}

type SwitchProps = Common & { on: boolean; onFlip: (on: boolean) => void }

/** Yes or no, as a switch. */
export function Switch({ label, on, help, wrong, disabled, testId, onFlip }: SwitchProps) {
  const id = useId()
  return (
    <div class="field">
      <div class="switch">
        <input id={id} type="checkbox" role="switch" checked={on} disabled={disabled === true} data-testid={testId}
          aria-describedby={describedBy({ id, help, wrong })} onChange={(event) => onFlip(event.currentTarget.checked)} />
        <label for={id}>{label}</label>
      </div>
      <Described id={id} help={help} wrong={wrong} />
    </div>
  )
}
