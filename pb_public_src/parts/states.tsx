import type { ComponentChildren } from 'preact'
import { say } from '../words.ts'
import type { Failure } from '../server.ts'
import { Button } from './button.tsx'
import { Icon } from './icons.tsx'

/** A place with nothing in it yet: what it is for, and one action. */
export function Empty({ title, text, children }: { title: string; text: string; children?: ComponentChildren }) {
  return <div class="empty"><Icon name="brand" /><h2>{title}</h2><p>{text}</p>{children}</div>
}

/** Grey lines while something loads. */
export function Skeleton({ lines = 4 }: { lines?: number }) {
  return (
    <div class="card stack" aria-busy="true">
      <span class="hidden-text">{say('loading')}</span>
      {Array.from({ length: lines }, (_, index) => <div class="bone" key={index} />)}
    </div>
  )
}

/** Why something could not be read; trying again is one press. */
export function Failed({ failure, onAgain }: { failure: Failure; onAgain: () => unknown }) {
  return (
    <div class="note bad" role="alert">
      <p>{failure.message}</p>
      <div class="row"><Button icon="restart" onClick={onAgain}>{say('again')}</Button></div>
    </div>
  )
}

/** A remark with a tone. */
export function Note({ tone, title, children }: { tone: 'good' | 'moving' | 'warn' | 'bad' | 'off'; title?: string; children?: ComponentChildren }) {
  return <div class={`note ${tone}`}>{title !== undefined && <strong>{title}</strong>}{children}</div>
}
