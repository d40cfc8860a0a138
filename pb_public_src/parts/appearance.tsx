import { theme, turnTheme } from '../theme.ts'
import { locale, say, speak } from '../words.ts'
import { Button } from './button.tsx'

/** Language and theme. Each button says what it changes to, or what is worn now. */
export function Appearance() {
  const other = locale.value === 'de' ? 'en' : 'de'
  return (
    <>
      <Button look="quiet" onClick={turnTheme}>{say(`theme_${theme.value}`)}</Button>
      <Button look="quiet" onClick={() => speak(other)}><span lang={other}>{say('language_other')}</span></Button>
    </>
  )
}
