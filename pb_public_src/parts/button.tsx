import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { Icon } from './icons.tsx'
import type { IconName } from './icons.tsx'

export type ButtonProps = {
  children?: ComponentChildren
  /** primary: the one main action of a page; danger: destroys; quiet: without a frame. */
  look?: 'primary' | 'danger' | 'quiet'
  big?: boolean
  icon?: IconName
  /** The name of a button that shows only its icon. */
  label?: string
  submit?: boolean
  pending?: boolean
  disabled?: boolean
  testId?: string
  /** Of a button that discloses something. */
  expanded?: boolean
  /** A promise keeps the button pending until it settles. */
  onClick?: () => unknown
}

/** A button that shows at once that it was pressed, and cannot be pressed twice meanwhile. */
export function Button(props: ButtonProps) {
  const { children, look, big, icon, label, submit, pending, disabled, testId, expanded, onClick } = props
  const waiting = useSignal(false)
  const busy = pending === true || waiting.value
  const press = () => {
    if (busy) return
    const result = onClick?.()
    if (!(result instanceof Promise)) return
    waiting.value = true
    void result.finally(() => { waiting.value = false })
  }
  const only = children === undefined
  return (
    <button type={submit === true ? 'submit' : 'button'} onClick={press} disabled={disabled === true}
      class={`button ${look ?? ''} ${big === true ? 'big' : ''} ${only ? 'icon' : ''}`}
      aria-disabled={busy ? 'true' : undefined} aria-expanded={expanded} aria-label={label} title={only ? label : undefined} data-testid={testId}>
      {busy ? <span class="spin" /> : icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  )
}
