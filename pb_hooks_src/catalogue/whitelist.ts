import type { Refusal } from '../tenancy/refusal.ts'
import type { Question } from './question.ts'
import type { TemplateVersion } from './template.ts'
import { refuse } from '../tenancy/refusal.ts'
import { checkAnswers, wholePattern } from './answers.ts'
import { mountFault, tmpfsFault } from './mount.ts'
import { checkReferences } from './references.ts'
import { isSecretKind } from './question.ts'
import { valueFault, variableFault } from './value.ts'

/**
 * Judges a version beyond its shape, before it may be stored: images, names, mounts, variables,
 * questions, and that every placeholder resolves. The shape itself is the white list of compose keys
 * (template.ts). An empty digest is not refused here: it keeps a version from being published.
 */
export function checkVersion(version: TemplateVersion): Refusal[] {
  return [
    ...checkImages(version),
    ...checkServices(version),
    ...checkMounts(version),
    ...checkVariableNames(version),
    ...checkQuestions(version),
    ...checkTexts(version),
    ...checkReferences(version),
  ]
}

const repositoryPattern = /^(?:[a-z0-9-]+\.)+[a-z0-9-]+(?::\d{1,5})?\/[a-z0-9]+(?:[._\/-]+[a-z0-9]+)*$/
const movingTags = ['latest', 'main', 'master', 'stable', 'edge', 'nightly', 'dev', 'extended-stable', 'slim']

function checkImages(version: TemplateVersion): Refusal[] {
  const refusals: Refusal[] = []
  version.images.forEach(({ repository, tag, digest }, index) => {
    if (!repositoryPattern.test(repository))
      refusals.push(refuse(`images.${index}.repository`, 'image_repository_shape', { repository }))
    if (!/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(tag))
      refusals.push(refuse(`images.${index}.tag`, 'image_tag_shape', { tag }))
    if (movingTags.some((moving) => tag === moving || tag.startsWith(`${moving}-`))) {
      refusals.push(refuse(`images.${index}.tag`, 'image_tag_moves', { tag }))
    }
    if (/^sha256:0+$/.test(digest)) refusals.push(refuse(`images.${index}.digest`, 'image_digest_shape'))
  })
  return refusals
}

function checkServices(version: TemplateVersion): Refusal[] {
  const refusals: Refusal[] = []
  const keys = version.services.map((service) => service.key)
  refusals.push(...doubles(keys).map((key) => refuse('services', 'name_twice', { key })))
  const shares = version.services.reduce((sum, service) => sum + service.share, 0)
  if (shares !== 100) refusals.push(refuse('services', 'shares_sum', { sum: shares }))
  const bare = keys.filter((key) => !version.images.some((image) => image.service === key))
  if (bare.length !== (version.image_from === '' ? 0 : 1))
    refusals.push(refuse('images', 'image_per_service'))
  refusals.push(
    ...doubles(version.images.map((image) => image.service)).map((key) =>
      refuse('images', 'name_twice', { key }),
    ),
  )
  const named: [string, string][] = [
    ...version.images.map((image, i): [string, string] => [`images.${i}.service`, image.service]),
    ...version.files.map((file, i): [string, string] => [`files.${i}.service`, file.service]),
    ...version.volumes.map((volume, i): [string, string] => [`volumes.${i}.service`, volume.service]),
    ...version.endpoints.map((endpoint, i): [string, string] => [`endpoints.${i}.service`, endpoint.service]),
    ...version.services.flatMap((service, i) =>
      service.depends_on.map((key): [string, string] => [`services.${i}.depends_on`, key]),
    ),
    ['health.service', version.health.service],
  ]
  for (const [field, key] of named)
    if (!keys.includes(key)) refusals.push(refuse(field, 'service_unknown', { key }))
  const primary = version.endpoints.filter((endpoint) => endpoint.primary).length
  if (primary !== 1) refusals.push(refuse('endpoints', 'one_primary_endpoint', { count: primary }))
  if (version.health.kind === 'exec' && version.health.command.length === 0)
    refusals.push(refuse('health.command', 'required'))
  if (
    version.health.kind === 'http' &&
    version.health.expect_json !== null &&
    version.health.probe !== 'node'
  ) {
    refusals.push(refuse('health.expect_json', 'json_needs_node'))
  }
  return refusals
}

function checkMounts(version: TemplateVersion): Refusal[] {
  const refusals: Refusal[] = []
  refusals.push(
    ...doubles(version.volumes.map((volume) => volume.name)).map((key) =>
      refuse('volumes', 'name_twice', { key }),
    ),
  )
  refusals.push(
    ...doubles(version.files.map((file) => file.name)).map((key) => refuse('files', 'name_twice', { key })),
  )
  const targets = [
    ...version.volumes.map((volume) => `${volume.service}${volume.mount}`),
    ...version.files.map((file) => `${file.service}${file.target}`),
  ]
  refusals.push(...doubles(targets).map((key) => refuse('volumes', 'mount_twice', { key })))
  version.volumes.forEach((volume, i) => {
    if (mountFault(volume.mount, 'volume'))
      refusals.push(refuse(`volumes.${i}.mount`, 'mount_forbidden', { path: volume.mount }))
  })
  version.files.forEach((file, i) => {
    if (mountFault(file.target, 'file'))
      refusals.push(refuse(`files.${i}.target`, 'mount_forbidden', { path: file.target }))
  })
  version.runtime.tmpfs.forEach((line, i) => {
    if (tmpfsFault(line)) refusals.push(refuse(`runtime.tmpfs.${i}`, 'tmpfs_shape', { line }))
  })
  const { user } = version.runtime
  if (!user.includes('${') && !/^[1-9]\d{0,4}:[1-9]\d{0,4}$/.test(user))
    refusals.push(refuse('runtime.user', 'user_is_root', { user }))
  return refusals
}

function checkVariableNames(version: TemplateVersion): Refusal[] {
  const refusals: Refusal[] = []
  const asked = version.questions.filter((question) => question.variable).map((question) => question.key)
  const allowed = version.runtime.reserved_allowed
  version.questions.forEach(({ key, variable }, i) => {
    if (variable && variableFault(key, allowed) !== null)
      refusals.push(refuse(`questions.${i}.key`, 'variable_reserved', { key }))
  })
  version.services.forEach((service, i) => {
    for (const [key, value] of Object.entries(service.environment)) {
      const field = `services.${i}.environment.${key}`
      if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(key))
        refusals.push(refuse(field, 'variable_name_shape', { key }))
      if (variableFault(key, allowed) !== null) refusals.push(refuse(field, 'variable_reserved', { key }))
      if (asked.includes(key)) refusals.push(refuse(field, 'variable_twice', { key }))
      const fault = valueFault(value.startsWith('${') ? value.slice(1) : value, {
        secret: false,
        multiline: false,
      })
      if (fault !== null) refusals.push(refuse(field, fault.code, { ...fault.params, key }))
    }
  })
  return refusals
}

function checkQuestions(version: TemplateVersion): Refusal[] {
  const refusals: Refusal[] = []
  refusals.push(
    ...doubles(version.questions.map((question) => question.key)).map((key) =>
      refuse('questions', 'name_twice', { key }),
    ),
  )
  version.questions.forEach((question, i) => refusals.push(...checkQuestion(question, `questions.${i}`)))
  if (refusals.length > 0) return refusals
  const defaults = Object.fromEntries(
    version.questions
      .filter((question) => question.default !== null)
      .map((question) => [question.key, question.default]),
  )
  // A default that its own question refuses could never be deployed.
  const wrong = checkAnswers(version, defaults, {}, { secretsSet: [], mode: 'create' }).refusals.filter(
    (refusal) => Object.hasOwn(defaults, refusal.field.replace('answers.', '')),
  )
  return wrong.map((refusal) => refuse(refusal.field, 'default_refused', { reason: refusal.code }))
}

function checkQuestion(question: Question, field: string): Refusal[] {
  const refusals: Refusal[] = []
  const { kind } = question
  if (kind === 'enum' && question.options.length === 0) refusals.push(refuse(`${field}.options`, 'required'))
  if (kind === 'platform' && question.source === null) refusals.push(refuse(`${field}.source`, 'required'))
  if (kind === 'derived' && question.template === '') refusals.push(refuse(`${field}.template`, 'required'))
  if (kind !== 'platform' && question.source !== null)
    refusals.push(refuse(`${field}.source`, 'only_for_kind', { kind: 'platform' }))
  if (question.multiline && question.variable)
    refusals.push(refuse(`${field}.variable`, 'multiline_variable'))
  if (isSecretKind(question) && question.default !== null)
    refusals.push(refuse(`${field}.default`, 'secret_default'))
  if (
    !question.editable &&
    question.required &&
    question.default === null &&
    !['generated', 'platform', 'derived'].includes(kind)
  ) {
    refusals.push(refuse(`${field}.default`, 'required'))
  }
  if (question.pattern !== '') {
    if (patternFault(question.pattern))
      refusals.push(refuse(`${field}.pattern`, 'pattern_broken', { pattern: question.pattern }))
    if (question.pattern_error.de === '' || question.pattern_error.en === '')
      refusals.push(refuse(`${field}.pattern_error`, 'text_missing'))
  }
  return refusals
}

/** Only what goja and browsers read the same way: no \p, no lookbehind, no named groups, no flags. */
function patternFault(pattern: string): boolean {
  if (/\\[pPk]|\(\?<|\(\?[a-z-]/.test(pattern)) return true
  try {
    wholePattern(pattern)
    return false
  } catch {
    return true
  }
}

function checkTexts(version: TemplateVersion): Refusal[] {
  const refusals: Refusal[] = []
  const full = (field: string, text: { de: string; en: string }): void => {
    if (text.de.trim() === '' || text.en.trim() === '') refusals.push(refuse(field, 'text_missing'))
  }
  const both = (field: string, text: { de: string; en: string }): void => {
    if ((text.de === '') !== (text.en === '')) refusals.push(refuse(field, 'text_missing'))
  }
  full('release_notes', version.release_notes)
  both('instructions.before', version.instructions.before)
  both('instructions.after', version.instructions.after)
  version.questions.forEach((question, i) => {
    full(`questions.${i}.label`, question.label)
    both(`questions.${i}.help`, question.help)
    question.options.forEach((option, j) => full(`questions.${i}.options.${j}.label`, option.label))
  })
  return refusals
}

function doubles(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))]
}
