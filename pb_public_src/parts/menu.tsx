import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { ComponentChildren } from 'preact'
import { Button } from './button.tsx'
import type { IconName } from './icons.tsx'

type MenuProps = { label: string; icon: IconName; look?: 'quiet'; title?: string; pending?: boolean; testId?: string; children: ComponentChildren }

/** A button that discloses a list of further buttons; Escape, a choice and a click elsewhere close it. */
export function Menu({ label, icon, look, title, pending, testId, children }: MenuProps) {
  const open = useSignal(false)
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const outside = (event: Event) => {
      if (!(event.target instanceof Node) || element.current?.contains(event.target) === false) open.value = false
    }
    const escape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || !open.value) return
      open.value = false
      element.current?.querySelector('button')?.focus()
    }
    document.addEventListener('pointerdown', outside)
    document.addEventListener('focusin', outside)
    document.addEventListener('keydown', escape)
    return () => {
      document.removeEventListener('pointerdown', outside)
      document.removeEventListener('focusin', outside)
      document.removeEventListener('keydown', escape)
    }
  }, [])
  return (
    <div class="menu" ref={element}>
      <Button icon={icon} label={label} expanded={open.value} pending={pending === true} {...(look === undefined ? {} : { look })} {...(testId === undefined ? {} : { testId })}
        onClick={() => { open.value = !open.value }} />
      {open.value && (
        <ul onClick={(event) => { if ((event.target as Element).closest('button') !== null) open.value = false }}>
          {title !== undefined && <li class="title">{title}</li>}
          {children}
        </ul>
      )}
    </div>
  )
}
