import { signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'

export type BotTab = 'overview' | 'logs' | 'settings'

/** Every place in the portal. */
export type Route =
  | { page: 'list' }
  | { page: 'deploy'; version: string }
  | { page: 'bot'; id: string; tab: BotTab }
  | { page: 'cockpit' }

const botTabs: readonly string[] = ['overview', 'logs', 'settings']

/** The place that a hash names; an unknown one is the list. */
export function routeOf(hash: string): Route {
  const [page = '', first = '', second = ''] = hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent)
  if (page === 'deploy') return { page, version: first }
  if (page === 'bots' && first !== '') {
    return { page: 'bot', id: first, tab: botTabs.includes(second) ? (second as BotTab) : 'overview' }
  }
  if (page === 'cockpit') return { page }
  return { page: 'list' }
}

/** The hash of a place. */
export function hashOf(route: Route): string {
  if (route.page === 'deploy') return route.version === '' ? '#/deploy' : `#/deploy/${route.version}`
  if (route.page === 'bot') return `#/bots/${route.id}${route.tab === 'overview' ? '' : `/${route.tab}`}`
  return route.page === 'cockpit' ? '#/cockpit' : '#/'
}

/** Where we are. */
export const route = signal<Route>(routeOf(location.hash))

addEventListener('hashchange', () => {
  const before = route.value
  const next = routeOf(location.hash)
  route.value = next
  if (before.page !== next.page || hashOf(before).split('/')[2] !== hashOf(next).split('/')[2]) focusHeading()
})

/** Goes to a place. */
export function go(next: Route): void {
  location.hash = hashOf(next)
}

const headingWaitMsMax = 3000

/** Moves the focus to the new page's heading once it stands, so that screen readers read on from there. */
function focusHeading(): void {
  scrollTo(0, 0)
  const until = performance.now() + headingWaitMsMax
  const look = () => {
    const heading = document.querySelector<HTMLElement>('main h1')
    if (heading !== null) heading.focus({ preventScroll: true })
    else if (performance.now() < until) requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}

type LinkProps = {
  to: Route
  children: ComponentChildren
  class?: string
  /** Marks the place where we are. */
  current?: boolean
  testId?: string
  onClick?: () => void
}

/** A link to a place in the portal. */
export function Link({ to, children, class: look, current, testId, onClick }: LinkProps) {
  return (
    <a href={hashOf(to)} class={look ?? ''} data-testid={testId} onClick={() => onClick?.()}
      aria-current={current === true ? 'page' : undefined}>{children}</a>
  )
}
