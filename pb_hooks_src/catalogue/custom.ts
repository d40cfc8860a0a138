import type { Refusal } from '../tenancy/refusal.ts'
import type { TemplateVersion } from './template.ts'
import { refuse } from '../tenancy/refusal.ts'
import { commandWordsMax, variablesMax } from './bounds.ts'
import { imageReference } from './images.ts'
import { valueFault, variableFault } from './value.ts'

/**
 * What only versions with a customer's own image check: the image, the command and the free variables.
 * Fields are named as in the record (`answers.IMAGE`). Texts that are missing are not judged here.
 */
export function checkCustom(
  version: TemplateVersion,
  answers: Readonly<Record<string, unknown>>,
  secrets: Readonly<Record<string, unknown>>,
): Refusal[] {
  const refusals: Refusal[] = []
  const image = textAt(version.image_from, answers)
  if (image !== '' && !imageReference.test(image))
    refusals.push(refuse(version.image_from, 'image_without_digest'))
  const command = textAt(version.command_from, answers)
  if (command !== '' && splitCommand(command) === null) {
    refusals.push(refuse(version.command_from, 'command_unreadable', { max: commandWordsMax }))
  }
  const asked = version.questions.filter((question) => question.variable).map((question) => question.key)
  const plain = textAt(version.variables_from, answers)
  refusals.push(...checkVariables(version.variables_from, plain, false, asked))
  const taken = [...asked, ...Object.keys(readVariables(plain).variables)]
  refusals.push(
    ...checkVariables(
      version.secret_variables_from,
      textAt(version.secret_variables_from, secrets),
      true,
      taken,
    ),
  )
  return refusals
}

/** The text that a reference such as `answers.COMMAND` names, or ''. */
export function textAt(reference: string, values: Readonly<Record<string, unknown>>): string {
  const value = values[reference.slice(reference.indexOf('.') + 1)]
  return reference !== '' && typeof value === 'string' ? value : ''
}

/**
 * Reads lines of the form KEY=VALUE; empty lines and lines that start with # are left out.
 * `faulty`: numbers, from 1, of lines that cannot be read. `doubled`: names that appear again.
 */
export function readVariables(text: string): {
  variables: Record<string, string>
  faulty: number[]
  doubled: string[]
} {
  const variables: Record<string, string> = {}
  const faulty: number[] = []
  const doubled: string[] = []
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) return
    const match = /^([A-Za-z_][A-Za-z0-9_]{0,63})\s*=\s*(.*)$/.exec(line)
    const key = match?.[1]
    if (key === undefined) faulty.push(index + 1)
    else if (Object.hasOwn(variables, key)) doubled.push(key)
    else variables[key] = match?.[2] ?? ''
  })
  return { variables, faulty, doubled }
}

function checkVariables(field: string, text: string, secret: boolean, taken: readonly string[]): Refusal[] {
  const { variables, faulty, doubled } = readVariables(text)
  const refusals: Refusal[] = []
  if (faulty.length > 0)
    refusals.push(refuse(field, 'variable_line_unreadable', { lines: faulty.slice(0, 10).join(', ') }))
  if (Object.keys(variables).length > variablesMax)
    refusals.push(refuse(field, 'too_many_variables', { max: variablesMax }))
  for (const key of doubled) refusals.push(refuse(field, 'variable_twice', { key }))
  for (const [key, value] of Object.entries(variables)) {
    if (taken.includes(key)) refusals.push(refuse(field, 'variable_twice', { key }))
    const fault = variableFault(key, []) ?? valueFault(value, { secret, multiline: false })
    if (fault !== null) refusals.push(refuse(field, fault.code, { ...fault.params, key }))
  }
  return refusals
}

/** Splits a command line into words; '..' and ".." keep spaces together. Null when a quote is not closed. */
export function splitCommand(text: string): string[] | null {
  const words: string[] = []
  let word = ''
  let started = false
  let quote = ''
  for (const letter of text) {
    if (quote !== '') {
      if (letter === quote) quote = ''
      else word += letter
    } else if (letter === '"' || letter === "'") {
      quote = letter
      started = true
    } else if (/\s/.test(letter)) {
      if (started) words.push(word)
      word = ''
      started = false
    } else {
      word += letter
      started = true
    }
  }
  if (quote !== '') return null
  if (started) words.push(word)
  return words.length > commandWordsMax ? null : words
}
