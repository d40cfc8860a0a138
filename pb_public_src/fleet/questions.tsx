import type { Question } from '../../pb_hooks_src/catalogue/template.ts'
import { QUESTION_GROUPS } from '../../pb_hooks_src/catalogue/question.ts'
import { instant, learn, moment, pick, say } from '../words.ts'
import { Button } from '../parts/button.tsx'
import { Select, Switch } from '../parts/choice.tsx'
import { Field } from '../parts/field.tsx'
import { answer, judgeField, setSecret } from './draft.ts'
import type { Draft } from './draft.ts'
import { deployWords } from '../words/deploy.ts'

learn(deployWords)

type QuestionsProps = { draft: Draft; disabled?: boolean; /** When each stored secret was set. */ secretsSet?: Record<string, string> }

/** The questions of a version, in sections. */
export function Questions({ draft, disabled, secretsSet }: QuestionsProps) {
  return (
    <>
      {QUESTION_GROUPS.map((group) => {
        const questions = draft.questions.filter((question) => question.group === group)
        return questions.length > 0 && (
          <fieldset class="card stack" key={group}>
            <legend class="hidden-text">{say(`group_${group}`)}</legend>
            <h2 aria-hidden="true">{say(`group_${group}`)}</h2>
            {questions.map((question) => (
              <Asked key={question.key} draft={draft} question={question} disabled={disabled === true || !question.editable}
                setAt={secretsSet?.[question.key] ?? ''} />
            ))}
          </fieldset>
        )
      })}
    </>
  )
}

const inputTypes: Partial<Record<Question['kind'], 'number' | 'url' | 'email'>> = { number: 'number', url: 'url', email: 'email' }

type AskedProps = { draft: Draft; question: Question; disabled: boolean; setAt: string }

function Asked({ draft, question, disabled, setAt }: AskedProps) {
  if (question.kind === 'secret') return <Secret draft={draft} question={question} disabled={disabled} setAt={setAt} />
  const { key, kind } = question
  const field = `answers.${key}`
  const value = draft.answers.value[key] ?? ''
  const common = {
    label: pick(question.label), help: pick(question.help), wrong: draft.wrong.value[field], disabled,
    optional: !question.required, testId: `question-${key}`, onBlur: () => judgeField(draft, field),
  }
  if (kind === 'boolean') return <Switch {...common} on={value === true} onFlip={(on) => answer(draft, key, on)} />
  if (kind === 'enum') {
    const options = question.options.map((option) => ({ value: option.value, label: pick(option.label) }))
    return <Select {...common} value={String(value)} options={options} onPick={(picked) => answer(draft, key, picked)} />
  }
  return (
    <Field {...common} value={String(value)} type={inputTypes[kind] ?? 'text'} multiline={question.multiline}
      onInput={(text) => answer(draft, key, text)} />
  )
}

/** A secret is typed, replaced or removed, and never shown: the page knows only when it was set. */
function Secret({ draft, question, disabled, setAt }: AskedProps) {
  const { key } = question
  const field = `secrets.${key}`
  const value = draft.secrets.value[key]
  const label = pick(question.label)
  if (setAt !== '' && (value === undefined || value === null)) {
    return (
      <div class="field">
        <p class="label">{label}</p>
        <div class="row">
          <span class="soft small">
            {value === null ? say('secret_goes') : say('secret_set', { when: moment(instant(setAt)) })}
          </span>
          <span class="push" />
          {value === null
            ? <Button onClick={() => setSecret(draft, key, undefined)}>{say('keep_secret')}</Button>
            : !disabled && <Button testId={`replace-${key}`} onClick={() => setSecret(draft, key, '')}>{say('replace_secret')}</Button>}
          {value === undefined && !disabled && !question.required && (
            <Button look="danger" onClick={() => setSecret(draft, key, null)}>{say('remove_secret')}</Button>
          )}
        </div>
        {draft.wrong.value[field] && <p class="wrong" role="alert">{draft.wrong.value[field]}</p>}
      </div>
    )
  }
  return (
    <Field label={label} help={[pick(question.help), say('secret_note')].filter((text) => text !== '').join(' ')}
      type={question.multiline ? 'text' : 'password'} multiline={question.multiline} autocomplete="new-password"
      value={value ?? ''} disabled={disabled} optional={!question.required} wrong={draft.wrong.value[field]}
      testId={`question-${key}`} onInput={(text) => setSecret(draft, key, text)} onBlur={() => judgeField(draft, field)}
      beside={setAt !== '' && <Button onClick={() => setSecret(draft, key, undefined)}>{say('keep_secret')}</Button>} />
  )
}
