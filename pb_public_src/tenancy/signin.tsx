import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { failureOf, signIn } from '../server.ts'
import { say } from '../words.ts'
import { Button } from '../parts/button.tsx'
import { Field } from '../parts/field.tsx'
import { Icon } from '../parts/icons.tsx'
import { Appearance } from '../parts/appearance.tsx'

const emailShape = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

/** E-mail address and password. */
export function SignIn() {
  const email = useSignal('')
  const password = useSignal('')
  const wrong = useSignal<{ email?: string; password?: string; all?: string }>({})
  const busy = useSignal(false)
  useEffect(() => { document.title = `${say('signin_title')} · ${say('product')}` })

  const emailFault = () => email.value.trim() === '' ? say('required_field') : emailShape.test(email.value.trim()) ? '' : say('email_shape')
  const submit = async (event: Event) => {
    event.preventDefault()
    if (busy.value) return
    const faults = { email: emailFault(), password: password.value === '' ? say('required_field') : '' }
    wrong.value = faults
    if (faults.email !== '' || faults.password !== '') return
    busy.value = true
    try {
      await signIn(email.value.trim(), password.value)
    } catch (error) {
      const { status, message } = failureOf(error)
      wrong.value = { all: status === 400 ? say('signin_wrong') : status === 429 ? say('signin_limit') : message }
    } finally {
      busy.value = false
    }
  }
  return (
    <main class="signin">
      <div class="stack tight">
        <a class="brand" href="/"><Icon name="brand" />{say('product')}</a>
        <h1 tabIndex={-1}>{say('signin_title')}</h1>
        <p class="soft">{say('signin_lead')}</p>
      </div>
      <form class="card stack" onSubmit={submit} noValidate>
        {wrong.value.all !== undefined && <div class="note bad" role="alert">{wrong.value.all}</div>}
        <Field label={say('email')} type="email" autocomplete="username" testId="signin-email" value={email.value}
          wrong={wrong.value.email} onInput={(value) => { email.value = value; wrong.value = { ...wrong.value, email: '' } }}
          onBlur={() => { if (email.value !== '') wrong.value = { ...wrong.value, email: emailFault() } }} />
        <Field label={say('password')} type="password" autocomplete="current-password" testId="signin-password"
          value={password.value} wrong={wrong.value.password}
          onInput={(value) => { password.value = value; wrong.value = { ...wrong.value, password: '' } }} />
        <Button look="primary" big submit pending={busy.value} testId="signin-submit">{say('signin_do')}</Button>
      </form>
      <div class="row spread"><Appearance /></div>
    </main>
  )
}
