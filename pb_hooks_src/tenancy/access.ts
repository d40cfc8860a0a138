import { botServerFields } from './server-fields.ts'

/**
 * Who may do what with which record, composed from named parts. A rule is a PocketBase filter; null =
 * superusers only. Migrations carry the same texts as literals, and a test compares them with a migrated
 * database.
 *
 * Three habits, each from an experiment: a rule that mixes `&&` with `||` is fully parenthesised (PocketBase
 * follows SQL's precedence); what only the server writes is refused with `:isset`, because `:changed`
 * protects nothing on create (hidden fields need no refusal: PocketBase drops them from a body first);
 * nothing is read from `@request.headers` or `@request.query`, which a realtime client chooses freely.
 */
export type Rules = {
  list: string | null
  view: string | null
  create: string | null
  update: string | null
  delete: string | null
}

export { botServerFields }

/** What identifies a server or is learnt from it; an operator edits the rest. */
const serverFixedFields = [
  'connection',
  'platform_uuid',
  'base_domain',
  'base_scheme',
  'base_port',
  'reachable',
  'status_message',
  'swept_at',
] as const

/** Of oneself one may change the name, the language and (PocketBase asks for the old one) the password. */
const userFixedFields = [
  'tenant',
  'role',
  'staff',
  'email',
  'emailVisibility',
  'verified',
  'tokenKey',
] as const

const stampFields = ['id', 'created', 'updated'] as const

const all = (...parts: string[]): string => parts.join(' && ')
const any = (...parts: string[]): string => `(${parts.join(' || ')})`
/** The request does not carry these fields, not even through a modifier such as `role+`. */
const refused = (...fields: readonly string[]): string =>
  all(...fields.map((field) => `@request.body.${field}:isset = false`))
const stays = (field: string): string => `@request.body.${field}:changed = false`
const hasRole = (...roles: string[]): string => any(...roles.map((role) => `@request.auth.role = "${role}"`))

const signedIn = '@request.auth.id != ""'
const hasTenant = '@request.auth.tenant != ""'
const ownTenant = all('tenant = @request.auth.tenant', hasTenant)
/** A suspended or closing tenant reads on, but writes nothing. */
const tenantActive = '@request.auth.tenant.status = "active"'
const operator = '@request.auth.staff = "operator"'
const editor = hasRole('owner', 'admin', 'member')
const head = hasRole('owner', 'admin')

/**
 * PocketBase compares with `coalesce()` on both sides, so this reads a whole table unless the client's filter
 * names an indexed column too (10,000 bots: 10 ms against 0.1): lists should filter by `tenant` or `bot`.
 */
const readers = all(signedIn, any(`(${ownTenant})`, operator))
const editors = all(ownTenant, tenantActive, editor)
const offered = all('visibility != "draft"', any('tenant = ""', 'tenant = @request.auth.tenant'))
const offeredVersion = all(
  'published = true',
  'template.visibility != "draft"',
  any('template.tenant = ""', 'template.tenant = @request.auth.tenant'),
)

const nobody: Rules = { list: null, view: null, create: null, update: null, delete: null }
const readOnly = (rule: string): Rules => ({ ...nobody, list: rule, view: rule })

/** A new bot: an omitted tenant is filled in by the request hook, a foreign one is refused here. */
const botCreate = all(
  signedIn,
  hasTenant,
  tenantActive,
  editor,
  any('@request.body.tenant:isset = false', 'tenant = @request.auth.tenant'),
  '@request.body.desired_state != "deleted"',
  refused(...stampFields, ...botServerFields),
)
const botUpdate = all(
  editors,
  stays('tenant'),
  '@request.body.desired_state != "deleted"',
  refused(...stampFields, ...botServerFields),
)

/** Every collection that is ours, by name. A collection that is missing here fails the tests. */
export const rules: { [collection: string]: Rules } = {
  users: {
    ...readOnly(all(signedIn, any('id = @request.auth.id', `(${ownTenant})`, operator))),
    update: all(signedIn, 'id = @request.auth.id', refused(...stampFields, ...userFixedFields)),
  },
  tenants: {
    ...readOnly(all(signedIn, any(all('(id = @request.auth.tenant', `${hasTenant})`), operator))),
    update: all(
      'id = @request.auth.tenant',
      hasTenant,
      tenantActive,
      head,
      refused(...stampFields, 'slug', 'status', 'suspend_reason'),
    ),
  },
  memberships: readOnly(all(signedIn, any('user = @request.auth.id', `(${ownTenant})`, operator))),
  /** Prices are public. */
  plans: readOnly(any('for_sale = true', operator)),
  subscriptions: readOnly(readers),
  servers: { ...readOnly(operator), update: all(operator, refused(...stampFields, ...serverFixedFields)) },
  connections: nobody,
  bot_templates: readOnly(all(signedIn, any(`(${offered})`, operator))),
  bot_template_versions: readOnly(all(signedIn, any(`(${offeredVersion})`, operator))),
  bot_instances: { ...readOnly(readers), create: botCreate, update: botUpdate, delete: editors },
  bot_secrets: nobody,
  deploy_logs: readOnly(readers),
  bot_states: readOnly(readers),
  /** Rows of the control plane itself have no tenant; an operator sees those too. */
  work: readOnly(operator),
  /** Its labels name members of staff, so tenants read it through no rule. */
  audit_events: readOnly(operator),
}
