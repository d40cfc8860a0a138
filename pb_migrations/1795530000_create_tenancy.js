/// <reference path="../pb_data/types.d.ts" />
// Tenants, who belongs to them, and what a user record of this product holds.

const text = (name, max, help, more) => ({ type: 'text', name, max, help, ...more })
const pick = (name, values, help, more) => ({ type: 'select', name, values, maxSelect: 1, help, ...more })
const one = (name, collectionId, help, more) => ({
  type: 'relation',
  name,
  collectionId,
  maxSelect: 1,
  cascadeDelete: false,
  help,
  ...more,
})
const stamps = [
  { type: 'autodate', name: 'created', onCreate: true, help: 'When the row was made.' },
  { type: 'autodate', name: 'updated', onCreate: true, onUpdate: true, help: 'When the row was last saved.' },
]

const roles = ['owner', 'admin', 'billing', 'member', 'viewer']
const signedIn = '@request.auth.id != ""'
const ownTenant = '(tenant = @request.auth.tenant && @request.auth.tenant != "")'
const operator = '@request.auth.staff = "operator"'
const refused = (fields) => fields.map((field) => `@request.body.${field}:isset = false`).join(' && ')

migrate(
  (app) => {
    const userRules = {
      list: `${signedIn} && (id = @request.auth.id || ${ownTenant} || ${operator})`,
      update:
        `${signedIn} && id = @request.auth.id && ` +
        refused([
          'id',
          'created',
          'updated',
          'tenant',
          'role',
          'staff',
          'email',
          'emailVisibility',
          'verified',
          'tokenKey',
        ]),
    }
    const tenantRules = {
      list: `${signedIn} && ((id = @request.auth.tenant && @request.auth.tenant != "") || ${operator})`,
      update:
        'id = @request.auth.tenant && @request.auth.tenant != "" && ' +
      '@request.auth.tenant.status = "active" && ' +
        '(@request.auth.role = "owner" || @request.auth.role = "admin") && ' +
        refused(['id', 'created', 'updated', 'slug', 'status', 'suspend_reason']),
    }

    const tenants = new Collection({
      type: 'base',
      name: 'tenants',
      fields: [
        text('name', 120, 'The customer as people call them.', { required: true, presentable: true }),
        text('slug', 40, 'Short name in addresses and reports; never changed once in use.', {
          required: true,
          pattern: '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$',
        }),
        pick(
          'status',
          ['active', 'suspended', 'closing'],
          'Suspended and closing: people may read, nothing may run or change.',
          { required: true },
        ),
        text('suspend_reason', 300, 'Why the tenant is suspended. The customer reads this.'),
        ...stamps,
      ],
      indexes: [
        'CREATE UNIQUE INDEX idx_tenants_slug ON tenants (slug)',
        'CREATE INDEX idx_tenants_status ON tenants (status)',
      ],
    })
    app.save(tenants)

    const users = app.findCollectionByNameOrId('users')
    users.oauth2.mappedFields.avatarURL = ''
    users.fields.removeByName('avatar')
    const added = [
      pick('locale', ['de', 'en'], 'Language of messages and of the portal; empty follows the browser.'),
      one('tenant', tenants.id, 'The tenant this user works in now. Change it together with the role.'),
      pick('role', roles, 'The role in that tenant; a copy of the membership.'),
      pick(
        'staff',
        ['support', 'operator'],
        'Our own people. Operators read every tenant and edit servers; leave it empty for customers.',
      ),
    ]
    added.forEach((field) =>
      users.fields.add(field.type === 'select' ? new SelectField(field) : new RelationField(field)),
    )
    users.fields.getByName('name').help = 'How the portal greets this user.'
    users.fields.getByName('name').max = 120
    users.indexes = users.indexes.concat(['CREATE INDEX idx_users_tenant ON users (tenant)'])
    // Without a mail server every alert would end as an error in the log.
    users.authAlert.enabled = false
    users.listRule = userRules.list
    users.viewRule = userRules.list
    users.createRule = null
    users.updateRule = userRules.update
    users.deleteRule = null
    app.save(users)

    app.save(
      new Collection({
        type: 'base',
        name: 'memberships',
        fields: [
          one('user', users.id, 'Who belongs to the tenant.', { required: true }),
          one('tenant', tenants.id, 'The tenant the user belongs to.', { required: true }),
          pick('role', roles, 'Owner and admin: everything. Member: bots. Billing and viewer: read.', {
            required: true,
          }),
          ...stamps,
        ],
        indexes: [
          'CREATE UNIQUE INDEX idx_memberships_user_tenant ON memberships (user, tenant)',
          'CREATE INDEX idx_memberships_tenant ON memberships (tenant)',
        ],
        listRule: `${signedIn} && (user = @request.auth.id || ${ownTenant} || ${operator})`,
        viewRule: `${signedIn} && (user = @request.auth.id || ${ownTenant} || ${operator})`,
      }),
    )

    // The rules of tenants speak of fields that users have only now.
    const saved = app.findCollectionByNameOrId('tenants')
    saved.listRule = tenantRules.list
    saved.viewRule = tenantRules.list
    saved.updateRule = tenantRules.update
    app.save(saved)
  },
  (app) => {
    app.delete(app.findCollectionByNameOrId('memberships'))

    const tenants = app.findCollectionByNameOrId('tenants')
    tenants.listRule = null
    tenants.viewRule = null
    tenants.updateRule = null
    app.save(tenants)

    const users = app.findCollectionByNameOrId('users')
    users.listRule = 'id = @request.auth.id'
    users.viewRule = 'id = @request.auth.id'
    users.createRule = ''
    users.updateRule = 'id = @request.auth.id'
    users.deleteRule = 'id = @request.auth.id'
    users.authAlert.enabled = true
    users.indexes = users.indexes.filter((index) => !index.includes('idx_users_tenant'))
    const names = ['locale', 'tenant', 'role', 'staff']
    names.forEach((name) => users.fields.removeByName(name))
    users.fields.getByName('name').help = ''
    users.fields.getByName('name').max = 255
    users.fields.add(
      new FileField({
        name: 'avatar',
        maxSelect: 1,
        mimeTypes: ['image/jpeg', 'image/png', 'image/svg+xml', 'image/gif', 'image/webp'],
      }),
    )
    users.oauth2.mappedFields.avatarURL = 'avatar'
    app.save(users)

    app.delete(tenants)
  },
)
