import { signal } from '@preact/signals'

export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const storageKey = 'cf-theme'
const kept = localStorage.getItem(storageKey)

/** `auto` follows the system; the others override it in this browser. */
export const theme = signal<Theme>(kept === 'light' || kept === 'dark' ? kept : 'auto')

/** Puts the theme on the page and remembers it. */
export function wear(next: Theme): void {
  theme.value = next
  localStorage.setItem(storageKey, next)
  document.documentElement.dataset['theme'] = next
}

/** Goes to the next theme. */
export function turnTheme(): void {
  wear(THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'auto')
}

wear(theme.value)
