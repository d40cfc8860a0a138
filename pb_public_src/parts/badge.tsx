import type { Phase } from '../../pb_hooks_src/fleet/bot.ts'
import { say } from '../words.ts'

export type Tone = 'good' | 'moving' | 'warn' | 'bad' | 'off'

const tones: Record<Phase, Tone> = {
  queued: 'moving', provisioning: 'moving', starting: 'moving', updating: 'moving', restarting: 'moving', stopping: 'moving',
  deleting: 'moving', running: 'good', degraded: 'warn', suspended: 'warn', failed: 'bad', stopped: 'off',
}
/** A shape of its own per tone, so that colour is never the only sign. */
const shapes: Record<Tone, string> = {
  good: 'm4.5 8.5 2.5 2.5 4.5-5.5',
  moving: 'M13 8a5 5 0 1 1-5-5',
  warn: 'M8 4v5M8 12h.01',
  bad: 'm5 5 6 6M11 5l-6 6',
  off: 'M5.5 5.5h5v5h-5z',
}

/** The tone of a phase. */
export function toneOf(phase: Phase): Tone {
  return tones[phase] ?? 'off'
}

/** A word with its shape and tone. */
export function Badge({ tone, word }: { tone: Tone; word: string }) {
  return (
    <span class={`badge ${tone}`}>
      <svg viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"
        stroke-linejoin="round" aria-hidden="true"><path d={shapes[tone]} /></svg>
      {word}
    </span>
  )
}

/** The word of a phase. */
export function phaseWord(phase: Phase): string {
  return say(`phase_${phase}`)
}

/** The state of a bot. */
export function StatusBadge({ phase }: { phase: Phase }) {
  return <Badge tone={toneOf(phase)} word={phaseWord(phase)} />
}
