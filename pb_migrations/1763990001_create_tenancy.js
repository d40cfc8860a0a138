/// <reference path="../pb_hooks_src/doors/pocketbase/globals.d.ts" />
// Tenants, their members, and what the users collection needs for both.
const ownTenant = '(@request.auth.tenant != "" && tenant = @request.auth.tenant)'
const operator = '(@request.auth.staff = "operator")'

migrate((app) => {
  const tenants = new Collection({
    type: 'base', name: 'tenants',
    listRule: '(@request.auth.tenant != "" && id = @request.auth.tenant) || (@request.auth.staff = "operator")',
    viewRule: '(@request.auth.tenant != "" && id = @request.auth.tenant) || (@request.auth.staff = "operator")',
    fields: [
      { type: 'text', name: 'name', required: true, max: 120, presentable: true, help: 'Company name as shown in lists.' },
      { type: 'text', name: 'slug', required: true, max: 40, pattern: '^[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])$', help: 'Short name, unique.' },
      { type: 'select', name: 'status', required: true, maxSelect: 1, values: ['active', 'suspended', 'closing'], help: 'Suspended: every bot is really stopped and nothing can be changed; active again: they resume.' },
      { type: 'text', name: 'suspend_reason', max: 200, help: 'Why it is suspended; shown to the customer.' },
      { type: 'autodate', name: 'created', onCreate: true },
      { type: 'autodate', name: 'updated', onCreate: true, onUpdate: true },
    ],
    indexes: ['CREATE UNIQUE INDEX idx_tenants_slug ON tenants (slug)'],
  })
  app.save(tenants)

  const users = app.findCollectionByNameOrId('users')
  users.fields.removeByName('avatar')
  users.fields.add(new SelectField({ name: 'locale', maxSelect: 1, values: ['de', 'en'], help: 'Language of the portal and of every error sentence.' }))
  users.fields.add(new RelationField({ name: 'tenant', collectionId: tenants.id, maxSelect: 1, help: 'The tenant the user works for right now. Set by the server.' }))
  users.fields.add(new SelectField({ name: 'role', maxSelect: 1, values: ['owner', 'admin', 'billing', 'member', 'viewer'], help: 'Role in that tenant, copied from the membership. Owner, admin and member may change bots.' }))
  users.fields.add(new SelectField({ name: 'staff', maxSelect: 1, values: ['support', 'operator'], help: 'Set for our own people only; operators see the cockpit.' }))
  const self = '(@request.auth.id != "" && id = @request.auth.id)'
  users.listRule = `${self} || ${ownTenant}`
  users.viewRule = `${self} || ${ownTenant}`
  users.createRule = null
  users.updateRule = `${self} && (@request.body.tenant:isset = false) && (@request.body.role:isset = false) && (@request.body.staff:isset = false)`
    + ' && (@request.body.verified:isset = false) && (@request.body.email:isset = false)'
  users.deleteRule = null
  users.oauth2.enabled = false
  app.save(users)

  app.save(new Collection({
    type: 'base', name: 'memberships', listRule: `${ownTenant} || ${operator}`, viewRule: `${ownTenant} || ${operator}`,
    fields: [
      { type: 'relation', name: 'user', required: true, collectionId: users.id, maxSelect: 1, help: 'Who.' },
      { type: 'relation', name: 'tenant', required: true, collectionId: tenants.id, maxSelect: 1, help: 'Where.' },
      { type: 'select', name: 'role', required: true, maxSelect: 1, values: ['owner', 'admin', 'billing', 'member', 'viewer'], help: 'As what.' },
      { type: 'autodate', name: 'created', onCreate: true },
    ],
    indexes: ['CREATE UNIQUE INDEX idx_memberships_user_tenant ON memberships (user, tenant)', 'CREATE INDEX idx_memberships_tenant ON memberships (tenant)'],
  }))
}, (app) => {
  app.delete(app.findCollectionByNameOrId('memberships'))
  const users = app.findCollectionByNameOrId('users')
  for (const name of ['locale', 'tenant', 'role', 'staff']) users.fields.removeByName(name)
  users.listRule = 'id = @request.auth.id'
  users.viewRule = 'id = @request.auth.id'
  users.createRule = ''
  users.updateRule = 'id = @request.auth.id'
  users.deleteRule = 'id = @request.auth.id'
  app.save(users)
  app.delete(app.findCollectionByNameOrId('tenants'))
})
