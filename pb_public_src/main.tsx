import { signal } from '@preact/signals'
import { Component, render } from 'preact'
import { useEffect } from 'preact/hooks'
import type { ComponentChildren, ComponentType } from 'preact'
import './theme.ts'
import { refreshUser, user } from './server.ts'
import { locale, say } from './words.ts'
import { route } from './router.tsx'
import { Frame } from './frame.tsx'
import { Button } from './parts/button.tsx'
import { Empty, Skeleton } from './parts/states.tsx'
import { Toasts } from './parts/toast.tsx'
import { SignIn } from './tenancy/signin.tsx'
import { BotList } from './fleet/list.tsx'

type Page<Props> = () => Promise<ComponentType<Props>>
const reloadedKey = 'cf-reloaded'

/** A page in a chunk of its own. A chunk that is gone after an update is cured by one reload. */
function lazy<Props extends object>(load: Page<Props>): (props: Props) => ReturnType<typeof Skeleton> {
  const loaded = signal<ComponentType<Props> | null>(null)
  const failed = signal(false)
  let asked = false
  const ask = async () => {
    asked = true
    try {
      loaded.value = await load()
      sessionStorage.removeItem(reloadedKey)
    } catch {
      if (sessionStorage.getItem(reloadedKey) !== null) { failed.value = true; return }
      sessionStorage.setItem(reloadedKey, '1')
      location.reload()
    }
  }
  return function Lazy(props: Props) {
    useEffect(() => { if (!asked) void ask() }, [])
    const Loaded = loaded.value
    if (failed.value) return <Broken />
    return Loaded === null ? <div class="page"><Skeleton /></div> : <Loaded {...props} />
  }
}

const Deploy = lazy(async () => (await import('./fleet/deploy.tsx')).Deploy)
const BotPage = lazy(async () => (await import('./fleet/bot.tsx')).BotPage)
const Cockpit = lazy(async () => (await import('./operator/cockpit.tsx')).Cockpit)

function Broken() {
  return (
    <div class="page narrow">
      <h1 tabIndex={-1} class="hidden-text">{say('broken_title')}</h1>
      <Empty title={say('broken_title')} text={say('broken_text')}>
        <Button look="primary" icon="restart" onClick={() => location.reload()}>{say('reload')}</Button>
      </Empty>
    </div>
  )
}

/** A page that throws leaves the frame standing. */
class Boundary extends Component<{ place: string; children: ComponentChildren }, { broken: boolean }> {
  override state = { broken: false }
  static override getDerivedStateFromError() { return { broken: true } }
  override componentDidCatch(error: unknown) { console.error(error) }
  override componentDidUpdate(before: { place: string }) {
    if (before.place !== this.props.place && this.state.broken) this.setState({ broken: false })
  }
  override render() { return this.state.broken ? <Broken /> : this.props.children }
}

function Place() {
  const here = route.value
  switch (here.page) {
    case 'deploy': return <Deploy version={here.version} />
    case 'bot': return <BotPage key={here.id} id={here.id} tab={here.tab} />
    case 'cockpit': return <Cockpit />
    default: return <BotList />
  }
}

function App() {
  useEffect(() => { document.documentElement.lang = locale.value }, [locale.value])
  if (user.value === null) return <><SignIn /><Toasts /></>
  return (
    <>
      <Frame><Boundary place={location.hash}><Place /></Boundary></Frame>
      <Toasts />
    </>
  )
}

const root = document.getElementById('app')
if (root !== null) render(<App />, root)
if (user.value !== null) void refreshUser()
