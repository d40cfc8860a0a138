import type { Refusal } from '../tenancy/refusal.ts'
import type { Question } from './question.ts'
import type { TemplateVersion } from './template.ts'
import { refuse } from '../tenancy/refusal.ts'
import { references } from './placeholder.ts'
import { isSecretKind, isSecretValue, PLATFORM_VALUES } from './question.ts'

const botValues = [
  'id',
  'tenant',
  'slug',
  'host',
  'url',
  'origin',
  'https',
  'cpu_milli',
  'memory_mib',
  'disk_mib',
]
/** Fields that take a value from an answer or secret. */
const fromFields = ['image_from', 'command_from', 'variables_from', 'secret_variables_from'] as const

/** Every placeholder, condition and `*_from` of a version must name something that exists, and no secret. */
export function checkReferences(version: TemplateVersion): Refusal[] {
  const refusals: Refusal[] = []
  const answers = names(version.questions)
  const settings = [
    ...answers,
    ...named(
      'platform',
      PLATFORM_VALUES.filter((value) => value !== 'llm_key'),
    ),
    ...named('bot', botValues),
  ]
  const everywhere = [
    ...settings,
    ...named(
      'file',
      version.files.map((file) => file.name),
    ),
  ]
  const check = (field: string, text: string, known: readonly string[]): void => {
    for (const reference of references(text)) {
      if (!known.includes(reference)) refusals.push(refuse(field, 'placeholder_unknown', { reference }))
    }
  }
  version.services.forEach((service, i) => {
    for (const [key, text] of Object.entries(service.environment))
      check(`services.${i}.environment.${key}`, text, everywhere)
    for (const word of [...service.command, ...service.entrypoint])
      check(`services.${i}.command`, word, everywhere)
  })
  version.files.forEach((file, i) => {
    check(`files.${i}.content`, file.content, settings)
    if (file.format === 'json')
      refusals.push(...checkJson(`files.${i}.content`, file.content, version, settings))
  })
  version.questions.forEach((question, i) => {
    const earlier = settings.filter(
      (name) =>
        !name.startsWith('answers.') ||
        names(version.questions.slice(0, i)).includes(name) ||
        names(version.questions.filter((other) => other.kind !== 'derived')).includes(name),
    )
    check(`questions.${i}.template`, question.template, earlier)
  })
  version.endpoints.forEach((endpoint, i) => check(`endpoints.${i}.port`, String(endpoint.port), answers))
  check('health.port', String(version.health.port), answers)
  for (const text of [version.health.path, version.health.probe, ...version.health.command])
    check('health', text, settings)
  check('runtime.user', version.runtime.user, answers)
  refusals.push(...checkFrom(version))
  return refusals
}

function checkJson(
  field: string,
  content: string,
  version: TemplateVersion,
  settings: readonly string[],
): Refusal[] {
  const secrets = version.questions.filter(isSecretKind).map((question) => `secrets.${question.key}`)
  const unknown: string[] = []
  try {
    JSON.parse(content, (key, value: unknown) => {
      if (key === '$when' && !(typeof value === 'string' && [...settings, ...secrets].includes(value)))
        unknown.push(String(value))
      return value
    })
  } catch {
    return [refuse(field, 'file_not_json')]
  }
  return unknown.map((reference) => refuse(field, 'placeholder_unknown', { reference }))
}

function checkFrom(version: TemplateVersion): Refusal[] {
  return fromFields.flatMap((field) => {
    const reference = version[field]
    const kind = field === 'secret_variables_from' ? 'secret' : 'plain'
    const found = version.questions.some(
      (question) => question.kind === kind && reference.endsWith(`.${question.key}`) && !question.variable,
    )
    return reference === '' || found ? [] : [refuse(field, 'placeholder_unknown', { reference })]
  })
}

function names(questions: readonly Question[]): string[] {
  return named(
    'answers',
    questions.filter((question) => !isSecretValue(question)).map((question) => question.key),
  )
}

function named(space: string, keys: readonly string[]): string[] {
  return keys.map((key) => `${space}.${key}`)
}
