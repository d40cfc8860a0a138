import { useSignal } from '@preact/signals'
import { useEffect, useId, useRef } from 'preact/hooks'
import type { ComponentChildren } from 'preact'
import { say } from '../words.ts'
import { Button } from './button.tsx'
import { Field } from './field.tsx'

type DialogProps = { title: string; open: boolean; onClose: () => void; children: ComponentChildren }

/** The browser's own modal dialog: Escape closes it, focus stays inside and returns afterwards. */
export function Dialog({ title, open, onClose, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    if (open && element.current?.open === false) element.current.showModal()
    if (!open && element.current?.open === true) element.current.close()
  }, [open])
  return (
    <dialog ref={element} aria-labelledby={id} onClose={onClose}>
      {open && <div class="stack"><h2 id={id}>{title}</h2>{children}</div>}
    </dialog>
  )
}

type ConfirmProps = { name: string; open: boolean; onClose: () => void; onConfirm: () => Promise<void> }

/** Deleting needs the name of the thing, typed. */
export function ConfirmDelete({ name, open, onClose, onConfirm }: ConfirmProps) {
  const typed = useSignal('')
  const wrong = useSignal('')
  const busy = useSignal(false)
  useEffect(() => { typed.value = ''; wrong.value = '' }, [open])
  const submit = async (event: Event) => {
    event.preventDefault()
    if (typed.value.trim() !== name.trim()) { wrong.value = say('name_differs'); return }
    if (busy.value) return
    busy.value = true
    await onConfirm().finally(() => { busy.value = false })
  }
  return (
    <Dialog title={say('delete_title')} open={open} onClose={onClose}>
      <form class="stack" onSubmit={submit} noValidate>
        <p class="soft">{say('delete_text')}</p>
        <Field label={say('delete_type', { name })} value={typed.value} testId="delete-confirm-name" wrong={wrong.value}
          onInput={(value) => { typed.value = value; wrong.value = '' }} />
        <div class="row end">
          <Button onClick={onClose}>{say('cancel')}</Button>
          <Button look="danger" icon="bin" submit pending={busy.value} testId="delete-submit">{say('delete_do')}</Button>
        </div>
      </form>
    </Dialog>
  )
}
