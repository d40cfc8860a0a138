import { signal } from '@preact/signals'
import { say } from '../words.ts'
import { Button } from './button.tsx'

const shownMs = 6000
type Toast = { id: number; text: string }

const toasts = signal<readonly Toast[]>([])
/** What the one polite live region says; a change of a bot's state is announced here and nowhere else. */
const spoken = signal('')
let last = 0

/** Shows a short message for a few seconds; it is read out as well. */
export function toast(text: string): void {
  const id = ++last
  toasts.value = [...toasts.value, { id, text }].slice(-3)
  announce(text)
  setTimeout(() => drop(id), shownMs)
}

/** Says something to those who do not see the screen. */
export function announce(text: string): void {
  spoken.value = text
}

function drop(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id)
}

/** Stands once on every page. */
export function Toasts() {
  return (
    <>
      <p class="hidden-text" role="status">{spoken.value}</p>
      <ul class="toasts">
        {toasts.value.map(({ id, text }) => (
          <li key={id}>{text}<Button look="quiet" icon="close" label={say('close')} onClick={() => drop(id)} /></li>
        ))}
      </ul>
    </>
  )
}
