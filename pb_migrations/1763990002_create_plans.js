// Plans (never edited once sold) and subscriptions with their own copy of what was bought.
const ownTenant = '(@request.auth.tenant != "" && tenant = @request.auth.tenant)'
const operator = '(@request.auth.staff = "operator")'

/** Net prices in cents per month; null = no limit by the plan. */
const seeds = [
  ['starter', 'Starter', 4900, { bots: 1, cpu_milli: 1000, memory_mib: 1024, disk_mib: 10240, llm_cents: 2500, members: 1 }, {}],
  ['team', 'Team', 19900, { bots: 5, cpu_milli: 4000, memory_mib: 4096, disk_mib: 51200, llm_cents: 10000, members: 5 }, {}],
  ['business', 'Business', 79900, { bots: 20, cpu_milli: null, memory_mib: null, disk_mib: 204800, llm_cents: null, members: 25 }, { sso: true, sla: true, dedicated: true }],
  ['sovereign', 'Sovereign', 300000, { bots: null, cpu_milli: null, memory_mib: null, disk_mib: null, llm_cents: null, members: null }, { sso: true, sla: true, dedicated: true, on_prem: true }],
]

migrate((app) => {
  const plans = new Collection({
    type: 'base', name: 'plans', listRule: '', viewRule: '',
    fields: [
      { type: 'text', name: 'slug', required: true, max: 40, presentable: true, help: 'starter, team, business, sovereign.' },
      { type: 'number', name: 'version', required: true, onlyInt: true, min: 1, help: 'A price change is a new version; sold rows are never edited.' },
      { type: 'json', name: 'name', required: true, maxSize: 2000, help: 'Name as {"de": "...", "en": "..."}.' },
      { type: 'number', name: 'price_cents', onlyInt: true, min: 0, help: 'Net price per month in cents.' },
      { type: 'json', name: 'limits', required: true, maxSize: 4000, help: 'bots, cpu_milli, memory_mib, disk_mib, llm_cents, members; null = no limit.' },
      { type: 'json', name: 'features', maxSize: 4000, help: 'sso, sla, dedicated, on_prem.' },
      { type: 'bool', name: 'for_sale', help: 'Offered to new customers.' },
    ],
    indexes: ['CREATE UNIQUE INDEX idx_plans_slug_version ON plans (slug, version)'],
  })
  app.save(plans)
  for (const [slug, name, price, limits, features] of seeds) {
    const plan = new Record(plans)
    plan.set('slug', slug)
    plan.set('version', 1)
    plan.set('name', { de: name, en: name })
    plan.set('price_cents', price)
    plan.set('limits', limits)
    plan.set('features', { sso: false, sla: false, dedicated: false, on_prem: false, ...features })
    plan.set('for_sale', true)
    app.save(plan)
  }
  app.save(new Collection({
    type: 'base', name: 'subscriptions', listRule: `${ownTenant} || ${operator}`, viewRule: `${ownTenant} || ${operator}`,
    fields: [
      { type: 'relation', name: 'tenant', required: true, collectionId: app.findCollectionByNameOrId('tenants').id, maxSelect: 1, help: 'Whose.' },
      { type: 'relation', name: 'plan', required: true, collectionId: plans.id, maxSelect: 1, help: 'The sold version of the plan.' },
      { type: 'json', name: 'entitlements', required: true, maxSize: 8000, help: 'Copy of limits, features and price at the time of sale. Quota and wizard read this, so an individual agreement is an edit here.' },
      { type: 'select', name: 'status', required: true, maxSelect: 1, values: ['trialing', 'active', 'past_due', 'suspended', 'ended'], help: 'Trialing, active and past due may have bots.' },
      { type: 'date', name: 'anchor', help: 'Day from which periods are counted; never moves.' },
      { type: 'date', name: 'period_start', help: 'Set by the server.' },
      { type: 'date', name: 'period_end', help: 'Set by the server.' },
      { type: 'bool', name: 'cancel_at_period_end', help: 'Ends with the current period.' },
      { type: 'autodate', name: 'created', onCreate: true },
      { type: 'autodate', name: 'updated', onCreate: true, onUpdate: true },
    ],
    indexes: ['CREATE UNIQUE INDEX idx_subscriptions_tenant ON subscriptions (tenant)', 'CREATE INDEX idx_subscriptions_plan ON subscriptions (plan)'],
  }))
  app.db().newQuery(`CREATE TRIGGER plans_sold_stay BEFORE UPDATE ON plans
    WHEN EXISTS (SELECT 1 FROM subscriptions WHERE plan = OLD.id) AND (NEW.slug != OLD.slug OR NEW.version != OLD.version
      OR NEW.price_cents != OLD.price_cents OR json(NEW.limits) != json(OLD.limits) OR json(NEW.features) != json(OLD.features))
    BEGIN SELECT RAISE(ABORT, 'a sold plan is never edited: add a new version'); END`).execute()
}, (app) => {
  app.db().newQuery('DROP TRIGGER IF EXISTS plans_sold_stay').execute()
  app.delete(app.findCollectionByNameOrId('subscriptions'))
  app.delete(app.findCollectionByNameOrId('plans'))
})
