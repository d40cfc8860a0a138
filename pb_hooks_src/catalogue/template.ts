import * as z from 'zod/mini'
import { refuse } from '../tenancy/refusal.ts'
import type { Refusal } from '../tenancy/refusal.ts'
import {
  commandWordsMax,
  contentLengthMax,
  cpuMilliMax,
  diskMibMax,
  filesMax,
  listMax,
  memoryMibMax,
  pidsMax,
  portMax,
  questionsMax,
  secondsMax,
  servicesMax,
  slugLengthMax,
  textLengthMax,
  volumesMax,
} from './bounds.ts'
import { questionSchema, textSchema } from './question.ts'

export type { PlatformValue, Question, QuestionKind } from './question.ts'

const name = z.string().check(z.regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/))
const line = z.string().check(z.maxLength(textLengthMax))
const link = z.string().check(z.regex(/^(https:\/\/[^\s]+)?$/))
const path = z.string().check(z.regex(/^\//), z.maxLength(textLengthMax))
const whole = (max: number) => z.int().check(z.gte(0), z.lte(max))
const noText = { de: '', en: '' }
/** A port, or the placeholder of an answer that holds one. */
const port = z.union([
  z.int().check(z.gte(1), z.lte(portMax)),
  z.string().check(z.regex(/^\$\{answers\.\w+\}$/)),
])
/** Where the version takes a value from an answer or secret instead of its own text; empty for none. */
const from = (kind: string) => z._default(z.string().check(z.regex(new RegExp(`^(${kind}\\.\\w+)?$`))), '')

/** The entry of the catalogue: what a customer reads before choosing. */
export const templateSchema = z.strictObject({
  slug: z.string().check(z.regex(/^[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])$/), z.maxLength(slugLengthMax)),
  name: textSchema,
  summary: textSchema,
  category: z.enum(['assistant', 'workflow', 'developer', 'custom']),
  tags: z.array(name).check(z.maxLength(listMax)),
  publisher: line,
  homepage: link,
  docs_url: link,
  /** `hosting`: does the licence allow to sell access to a hosted copy? Judged in entry.ts. */
  licence: z.strictObject({
    spdx: line,
    url: link,
    hosting: z.enum(['allowed', 'restricted', 'forbidden', 'unknown', 'customer']),
    note: textSchema,
  }),
  /** For the record of processing (Art. 30 GDPR): outside hosts contacted, categories of data, processors. */
  data_protection: z.strictObject({
    telemetry_hosts: z.array(line).check(z.maxLength(listMax)),
    data_categories: z.array(textSchema).check(z.maxLength(listMax)),
    subprocessors: z.array(textSchema).check(z.maxLength(listMax)),
  }),
  visibility: z.enum(['draft', 'beta', 'public', 'retired']),
})
export type Template = z.infer<typeof templateSchema>

/** One container. The schema is the white list: a compose key that is not named here is refused. */
export const serviceSchema = z.strictObject({
  key: name,
  /** Per cent of the bot's size; over all services 100. */
  share: z._default(z.int().check(z.gte(1), z.lte(100)), 100),
  command: z._default(z.array(line).check(z.maxLength(commandWordsMax)), []),
  entrypoint: z._default(z.array(line).check(z.maxLength(commandWordsMax)), []),
  environment: z._default(z.record(z.string(), line), {}),
  working_dir: z._default(z.string(), ''),
  init: z._default(z.boolean(), false),
  depends_on: z._default(z.array(name).check(z.maxLength(servicesMax)), []),
})
export type Service = z.infer<typeof serviceSchema>

const size = z.strictObject({
  cpu_milli: whole(cpuMilliMax),
  memory_mib: whole(memoryMibMax),
  disk_mib: whole(diskMibMax),
})

const healthSchema = z.strictObject({
  service: name,
  kind: z.enum(['none', 'http', 'exec']),
  /** The program in the image that asks (node, wget, curl; none for no check), or a placeholder. */
  probe: z._default(z.string(), 'node'),
  port: z._default(port, 80),
  path: z._default(line, '/'),
  /** Only with probe node: the answer must be JSON with this value at this place (RFC 6901). */
  expect_json: z._default(
    z.nullable(
      z.strictObject({
        pointer: z.string().check(z.regex(/^(\/\w+)+$/)),
        value: z.union([z.string(), z.number(), z.boolean()]),
      }),
    ),
    null,
  ),
  command: z._default(z.array(line).check(z.maxLength(commandWordsMax)), []),
  interval_s: z._default(whole(secondsMax), 10),
  timeout_s: z._default(whole(secondsMax), 5),
  retries: z._default(whole(100), 6),
  start_period_s: z._default(whole(secondsMax), 60),
})

/** One version: everything that is needed to run it. Immutable once it is published. */
export const versionSchema = z.strictObject({
  /** Raised when this shape changes; a reader refuses a number that it does not know. */
  schema_version: z.literal(1),
  /** Slug of its template. */
  template: name,
  /** Rises by one per template. */
  version: z.int().check(z.gte(1)),
  /** The publisher's own name of the version. */
  app_version: line,
  channel: z.enum(['stable', 'lts', 'edge']),
  images: z
    .array(
      z.strictObject({
        service: name,
        repository: z.string(),
        tag: z.string(),
        /** sha256:<64 hex>; empty only in a file, until the operator names it (see images.ts). */
        digest: z.string().check(z.regex(/^(sha256:[a-f0-9]{64})?$/)),
      }),
    )
    .check(z.maxLength(servicesMax)),
  /** The answer that names the image of the one service without an entry in `images`. */
  image_from: from('answers'),
  /** The answer that holds the command as one line, and the texts of free variables (see custom.ts). */
  command_from: from('answers'),
  variables_from: from('answers'),
  secret_variables_from: from('secrets'),
  services: z.array(serviceSchema).check(z.minLength(1), z.maxLength(servicesMax)),
  questions: z.array(questionSchema).check(z.maxLength(questionsMax)),
  files: z._default(
    z
      .array(
        z.strictObject({
          name,
          service: name,
          /** Where the container finds it; a hash of the content is added (see config-file.ts). */
          target: path,
          format: z.enum(['json', 'text']),
          content: z.string().check(z.maxLength(contentLengthMax)),
        }),
      )
      .check(z.maxLength(filesMax)),
    [],
  ),
  endpoints: z
    .array(
      z.strictObject({
        service: name,
        port,
        path: z._default(path, '/'),
        websocket: z._default(z.boolean(), false),
        primary: z._default(z.boolean(), true),
      }),
    )
    .check(z.minLength(1), z.maxLength(servicesMax)),
  health: healthSchema,
  volumes: z._default(
    z
      .array(
        z.strictObject({
          name,
          service: name,
          mount: path,
          uid: whole(65_535),
          gid: whole(65_535),
          backup: z.boolean(),
        }),
      )
      .check(z.maxLength(volumesMax)),
    [],
  ),
  resources: z.strictObject({ min: size, recommended: size, pids: z.int().check(z.gte(16), z.lte(pidsMax)) }),
  runtime: z.strictObject({
    /** uid:gid, never root; or an answer's placeholder. */
    user: z.string(),
    read_only: z.boolean(),
    tmpfs: z._default(z.array(line).check(z.maxLength(listMax)), []),
    stop_grace_s: z.int().check(z.gte(1), z.lte(secondsMax)),
    /** Exit codes that a repetition cannot heal (78: the configuration is refused). */
    permanent_exit_codes: z._default(z.array(whole(255)).check(z.maxLength(listMax)), []),
    /** Reserved variable names that this image needs all the same, such as NODE_OPTIONS. */
    reserved_allowed: z._default(z.array(z.string()).check(z.maxLength(listMax)), []),
  }),
  compat: z.strictObject({
    from_versions: z.array(z.int()).check(z.maxLength(listMax)),
    requires_backup: z.boolean(),
    downgrade: z.enum(['never', 'restore', 'allowed']),
  }),
  instructions: z._default(z.strictObject({ before: textSchema, after: textSchema }), {
    before: noText,
    after: noText,
  }),
  release_notes: textSchema,
})
export type TemplateVersion = z.infer<typeof versionSchema>

/** Reads one version from JSON; an unknown compose key is refused with code `key_not_allowed`. */
export function parseVersion(raw: unknown): { version: TemplateVersion | null; refusals: Refusal[] } {
  const parsed = versionSchema.safeParse(raw)
  if (parsed.success) return { version: parsed.data, refusals: [] }
  return { version: null, refusals: refusalsOf(parsed.error.issues) }
}

/** Reads one entry of the catalogue from JSON (without its versions). */
export function parseTemplate(raw: unknown): { template: Template | null; refusals: Refusal[] } {
  const parsed = templateSchema.safeParse(raw)
  if (parsed.success) return { template: parsed.data, refusals: [] }
  return { template: null, refusals: refusalsOf(parsed.error.issues) }
}

function refusalsOf(issues: z.core.$ZodIssue[]): Refusal[] {
  return issues.flatMap((issue) => {
    const field = issue.path.map(String).join('.') || 'version'
    if (issue.code !== 'unrecognized_keys') return [refuse(field, 'malformed', { field })]
    return issue.keys.map((key) => refuse(`${field}.${key}`, 'key_not_allowed', { key }))
  })
}
