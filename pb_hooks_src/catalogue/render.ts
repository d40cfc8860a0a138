import type { Scope, Value } from './placeholder.ts'
import type { PlatformValue, Question } from './question.ts'
import type { TemplateVersion } from './template.ts'
import { canonicalJson } from './canonical.ts'
import { composeDocument, portOf } from './compose.ts'
import { renderFiles } from './config-file.ts'
import { readVariables, textAt } from './custom.ts'
import { fill, RenderError } from './placeholder.ts'
import { isSecretKind, isSecretValue } from './question.ts'

export type RenderInput = {
  version: TemplateVersion
  bot: {
    id: string
    tenant: string
    slug: string
    /** Host name without scheme and port. */
    host: string
    /** Public address: scheme, host, and a port where it is not the usual one. */
    url: string
    cpuMilli: number
    memoryMib: number
    diskMib: number
  }
  /** As `checkAnswers` left them. */
  answers: Readonly<Record<string, Value>>
  /** Secrets of the customer and generated ones, in clear. */
  secrets: Readonly<Record<string, string>>
  /** A keyed fingerprint per secret: it enters the hash in place of the value. */
  secretPrints: Readonly<Record<string, string>>
  platform: Readonly<Record<PlatformValue, string>>
}

export type Rendered = {
  /** Canonical JSON, which is YAML. Holds no secret. */
  compose: string
  /** Secret values by variable name, to be set as the service's literal variables. */
  variables: Record<string, string>
  /** `scheme://host:CONTAINERPORT`: the port tells the proxy where the container listens (coolify.md 2.5). */
  urls: { name: string; url: string }[]
  /** Equal hashes mean that nothing has to change on the platform. */
  hash: string
  /** Whose log a customer reads. */
  logService: string
}

/** Our mark on every container; the platform's own labels begin otherwise. */
const labelPrefix = 'de.cloudfreedom.'

/**
 * Renders a bot: pure, the same input gives the same bytes.
 * @param sha256 hex digest of a text in UTF-8
 * @throws RenderError when anything is missing or does not resolve (nothing is guessed)
 */
export function render(input: RenderInput, sha256: (text: string) => string): Rendered {
  const { version, bot } = input
  const secrets = secretVariables(input)
  const values = {
    scope: baseScope(input),
    secretsSet: Object.keys(input.secrets).filter((key) => input.secrets[key] !== ''),
  }
  const files = renderFiles(version, values.scope, values.secretsSet, sha256)
  const scope = { ...values.scope, file: Object.fromEntries(files.map((file) => [file.name, file.target])) }
  const compose = canonicalJson(
    composeDocument({
      version,
      scope,
      files,
      answers: input.answers,
      variables: plainVariables(input, scope),
      labels: labelsOf(input),
      cpuMilli: bot.cpuMilli,
      memoryMib: bot.memoryMib,
    }),
  )
  const endpoint = version.endpoints.find((entry) => entry.primary)
  if (endpoint === undefined) throw new RenderError('endpoints', 'none is the primary one')
  const scheme = bot.url.startsWith('https://') ? 'https' : 'http'
  const urls = [{ name: endpoint.service, url: `${scheme}://${bot.host}:${portOf(endpoint.port, scope)}` }]
  const hash = sha256(canonicalJson({ compose, urls, variables: printsOf(input, secrets, sha256) }))
  return { compose, variables: secrets, urls, hash, logService: endpoint.service }
}

/** Every value that the log redaction has to hide: a text of several variables counts by its parts. */
export function secretValues(version: TemplateVersion, secrets: Readonly<Record<string, string>>): string[] {
  const parts = Object.values(readVariables(textAt(version.secret_variables_from, secrets)).variables)
  return [...Object.values(secrets), ...parts].filter((value) => value !== '')
}

function baseScope(input: RenderInput): Scope {
  const { version, bot, platform } = input
  const answers: Record<string, Value | null> = {}
  for (const question of version.questions) {
    if (!isSecretValue(question) && question.kind !== 'derived')
      answers[question.key] = valueOf(question, input)
  }
  const { llm_key: _, ...shown } = platform
  const address = /^(https?:\/\/[^/]+)/.exec(bot.url)
  if (address === null) throw new RenderError('bot.url', 'it is no http address')
  const scope = {
    answers,
    platform: shown,
    bot: {
      id: bot.id,
      tenant: bot.tenant,
      slug: bot.slug,
      host: bot.host,
      url: bot.url,
      origin: address[1] ?? '',
      https: bot.url.startsWith('https://'),
      cpu_milli: bot.cpuMilli,
      memory_mib: bot.memoryMib,
      disk_mib: bot.diskMib,
    },
    file: {},
  }
  for (const question of version.questions) {
    // In the order of the questions, so a derived value can use an earlier one and never itself.
    if (question.kind === 'derived') answers[question.key] = fill(question.template, scope)
  }
  return scope
}

/** Null for an optional question without an answer. */
function valueOf(question: Question, { answers, platform }: RenderInput): Value | null {
  const value =
    question.kind === 'platform' && question.source !== null
      ? platform[question.source]
      : answers[question.key]
  if (value !== undefined && value !== '') return value
  if (question.required || question.kind === 'platform')
    throw new RenderError(`answers.${question.key}`, 'it has no value')
  return null
}

function plainVariables({ version, answers }: RenderInput, scope: Scope): Record<string, string> {
  const { variables } = readVariables(textAt(version.variables_from, answers))
  for (const { key, variable } of version.questions) {
    const value = scope.answers[key]
    if (variable && value !== undefined && value !== null) variables[key] = String(value)
  }
  return variables
}

function secretVariables({ version, secrets, platform }: RenderInput): Record<string, string> {
  const { variables } = readVariables(textAt(version.secret_variables_from, secrets))
  for (const question of version.questions) {
    if (!isSecretValue(question)) continue
    const value = question.kind === 'platform' ? platform.llm_key : (secrets[question.key] ?? '')
    if (value === '' && (question.required || question.kind !== 'secret'))
      throw new RenderError(`secrets.${question.key}`, 'it has no value')
    if (value !== '' && question.variable) variables[question.key] = value
  }
  return variables
}

/** What stands for the secrets in the hash; a secret without a fingerprint would change unseen. */
function printsOf(
  input: RenderInput,
  variables: Record<string, string>,
  sha256: (text: string) => string,
): Record<string, string> {
  const prints: Record<string, string> = Object.fromEntries(Object.keys(variables).map((key) => [key, '']))
  for (const question of input.version.questions) {
    const { key } = question
    if (question.source === 'llm_key')
      prints[key] = input.secretPrints[key] ?? sha256(`llm_key ${input.platform.llm_key}`)
    if (!isSecretKind(question) || (input.secrets[key] ?? '') === '') continue
    const print = input.secretPrints[key] ?? ''
    if (print === '') throw new RenderError(`secretPrints.${key}`, 'a secret has no fingerprint')
    prints[key] = print
  }
  return prints
}

function labelsOf({ version, bot }: RenderInput): Record<string, string> {
  return {
    [`${labelPrefix}managed`]: 'true',
    [`${labelPrefix}bot`]: bot.id,
    [`${labelPrefix}tenant`]: bot.tenant,
    [`${labelPrefix}template`]: version.template,
    [`${labelPrefix}version`]: `${version.version}`,
  }
}
