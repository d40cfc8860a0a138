import { useSignal } from '@preact/signals'
import { say } from '../words.ts'
import { Button } from './button.tsx'

const doneMs = 2000

/** A link with a button that copies its address. */
export function CopyField({ value }: { value: string }) {
  const done = useSignal(false)
  const copy = async () => {
    // Without TLS there is no clipboard; the address stays selectable.
    await navigator.clipboard?.writeText(value).catch(() => undefined)
    done.value = true
    setTimeout(() => { done.value = false }, doneMs)
  }
  return (
    <span class="copy">
      <a href={value} target="_blank" rel="noreferrer">{value.replace(/^https?:\/\//, '')}</a>
      <Button look="quiet" icon={done.value ? 'check' : 'copy'} label={say(done.value ? 'copied' : 'copy')} onClick={copy} />
    </span>
  )
}
