/** Line drawings of 24 by 24; they say nothing that a word beside them does not say too. */
const paths = {
  brand: 'M7 18a5 5 0 0 1-.6-9.96A6.5 6.5 0 0 1 19 9.6 4.2 4.2 0 0 1 18 18M9.5 14.5h.01M14.5 14.5h.01M9 18h6',
  plus: 'M12 5v14M5 12h14',
  out: 'M14 5h5v5M19 5l-9 9M10 5H6a1 1 0 0 0-1 1v12a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1v-4',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  close: 'M6 6l12 12M18 6 6 18',
  back: 'M15 5l-7 7 7 7',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4.5 20.5c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12M12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5',
  start: 'M8 5.5v13l10.5-6.5z',
  stop: 'M7 7h10v10H7z',
  restart: 'M19.5 12a7.5 7.5 0 1 1-2.2-5.3M17.5 3v4h-4',
  redeploy: 'M12 15V4M7.5 8.5 12 4l4.5 4.5M5 14v5h14v-5',
  bin: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
} as const

export type IconName = keyof typeof paths

export function Icon({ name }: { name: IconName }) {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width={name === 'more' ? 3 : 1.8}
      stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d={paths[name]} /></svg>
  )
}
