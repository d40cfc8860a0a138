import { useEffect, useRef } from 'preact/hooks'
import type { ComponentChildren } from 'preact'

type LogViewProps = { label: string; count: number; testId?: string; children: ComponentChildren }
const bottomPx = 40

/** A scrolling log that follows its end, unless the reader scrolled up. Can be scrolled by keyboard. */
export function LogView({ label, count, testId, children }: LogViewProps) {
  const element = useRef<HTMLUListElement>(null)
  const follows = useRef(true)
  useEffect(() => {
    if (follows.current && element.current !== null) element.current.scrollTop = element.current.scrollHeight
  }, [count])
  const scrolled = () => {
    const box = element.current
    if (box !== null) follows.current = box.scrollHeight - box.scrollTop - box.clientHeight < bottomPx
  }
  return (
    <div class="log-frame" role="region" aria-label={label}>
      <ul class="log" ref={element} tabIndex={0} onScroll={scrolled} data-testid={testId}>{children}</ul>
    </div>
  )
}
