import type { ComponentChildren } from 'preact'
import { pb, signOut, user } from './server.ts'
import { locale, say, speak } from './words.ts'
import { theme, turnTheme } from './theme.ts'
import { Link, route } from './router.tsx'
import { Button } from './parts/button.tsx'
import { Icon } from './parts/icons.tsx'
import { Menu } from './parts/menu.tsx'

/** What stands around every page of someone who is signed in. */
export function Frame({ children }: { children: ComponentChildren }) {
  const { page } = route.value
  const who = user.value
  const skip = () => document.querySelector<HTMLElement>('main h1')?.focus()
  return (
    <>
      <div class="skip"><Button look="primary" onClick={skip}>{say('skip')}</Button></div>
      <header class="top">
        <div>
          <Link class="brand" to={{ page: 'list' }}><Icon name="brand" /><span>{say('product')}</span></Link>
          <nav aria-label={say('main_nav')}>
            <Link to={{ page: 'list' }} current={page !== 'cockpit'}>{say('bots')}</Link>
            {who?.staff === 'operator' && <Link to={{ page: 'cockpit' }} current={page === 'cockpit'}>{say('cockpit')}</Link>}
          </nav>
          <div class="push" />
          <AccountMenu email={who?.email ?? ''} />
        </div>
      </header>
      <main id="content">{children}</main>
    </>
  )
}

function AccountMenu({ email }: { email: string }) {
  const other = locale.value === 'de' ? 'en' : 'de'
  const change = () => {
    speak(other)
    // The server answers in the language of the record; without a network the page still changes.
    const id = user.value?.id
    if (id !== undefined) pb.collection('users').update(id, { locale: other }).catch(() => undefined)
  }
  return (
    <Menu label={say('account')} icon="person" testId="account-menu" look="quiet" title={email}>
      <li><Button look="quiet" onClick={turnTheme}>{say(`theme_${theme.value}`)}</Button></li>
      <li><Button look="quiet" onClick={change}><span lang={other}>{say('language_other')}</span></Button></li>
      <li><Button look="quiet" testId="sign-out" onClick={signOut}>{say('sign_out')}</Button></li>
    </Menu>
  )
}
