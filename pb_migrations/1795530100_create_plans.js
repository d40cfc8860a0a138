/// <reference path="../pb_data/types.d.ts" />
// What is sold, what a tenant has bought, and the four plans to begin with.

const text = (name, max, help, more) => ({ type: 'text', name, max, help, ...more })
const whole = (name, help, more) => ({ type: 'number', name, min: 0, onlyInt: true, help, ...more })
const json = (name, maxSize, help, more) => ({ type: 'json', name, maxSize, help, ...more })
const flag = (name, help) => ({ type: 'bool', name, help })
const date = (name, help) => ({ type: 'date', name, help })
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

const operator = '@request.auth.staff = "operator"'
const readers =
  '@request.auth.id != "" && ((tenant = @request.auth.tenant && @request.auth.tenant != "") || ' +
  '@request.auth.staff = "operator")'

// The dashboard sends JSON back with its keys in another order, so the content is compared and not the text.
// An ORDER BY inside group_concat would keep sqlite3 tools older than 3.44 from opening the database at all.
const content = (column) => `(SELECT group_concat(part, ';') FROM (
  SELECT fullkey || ' ' || type || ' ' || ifnull(atom, '') AS part
  FROM json_tree(${column}) ORDER BY fullkey))`
const sold = 'EXISTS (SELECT 1 FROM subscriptions WHERE plan = OLD.id)'

const prices = [
  { slug: 'starter', name: 'Starter', price: 4900, limits: [1, 1000, 1024, 10240, 2500, 1], extras: false },
  { slug: 'team', name: 'Team', price: 19900, limits: [5, 4000, 4096, 51200, 10000, 5], extras: false },
  {
    slug: 'business',
    name: 'Business',
    price: 79900,
    limits: [20, null, null, 204800, null, 25],
    extras: true,
  },
  {
    slug: 'sovereign',
    name: 'Sovereign',
    price: 300000,
    limits: [null, null, null, null, null, null],
    extras: true,
  },
]

migrate(
  (app) => {
    const plans = new Collection({
      type: 'base',
      name: 'plans',
      fields: [
        text('slug', 40, 'Short name of the plan; a new price is a new version under the same slug.', {
          required: true,
          presentable: true,
          pattern: '^[a-z0-9-]+$',
        }),
        whole('version', 'Counts the versions of this plan from 1.', { required: true, presentable: true }),
        json('name', 2000, 'The name as {"de": "...", "en": "..."}.', { required: true }),
        whole('price_cents', 'Net price for a month in cents.'),
        json(
          'limits',
          2000,
          'bots, cpu_milli, memory_mib, disk_mib, llm_cents, members; null means no limit.',
          { required: true },
        ),
        json('features', 2000, 'sso, sla, dedicated: true or false.', { required: true }),
        flag(
          'for_sale',
          'Shown to new customers. A sold plan is frozen except for this switch and its name.',
        ),
        ...stamps,
      ],
      indexes: ['CREATE UNIQUE INDEX idx_plans_slug_version ON plans (slug, version)'],
      listRule: `(for_sale = true || ${operator})`,
      viewRule: `(for_sale = true || ${operator})`,
    })
    app.save(plans)

    app.save(
      new Collection({
        type: 'base',
        name: 'subscriptions',
        fields: [
          one(
            'tenant',
            app.findCollectionByNameOrId('tenants').id,
            'Whose subscription it is; one for each tenant.',
            { required: true },
          ),
          one('plan', plans.id, 'The plan version that was bought.', { required: true }),
          json(
            'entitlements',
            4000,
            "What the tenant may use: the plan's limits and features as they were sold, in one flat object.",
            { required: true },
          ),
          pick(
            'status',
            ['trialing', 'active', 'past_due', 'suspended', 'ended'],
            'Suspended and ended: no new or larger bots.',
            { required: true },
          ),
          date('anchor', 'The first day of the first period; later periods are counted from it.'),
          date('period_start', 'Start of the present period (inclusive).'),
          date('period_end', 'End of the present period (exclusive).'),
          flag('cancel_at_period_end', 'The customer gave notice: the subscription ends with this period.'),
          ...stamps,
        ],
        indexes: [
          'CREATE UNIQUE INDEX idx_subscriptions_tenant ON subscriptions (tenant)',
          'CREATE INDEX idx_subscriptions_plan ON subscriptions (plan)',
          'CREATE INDEX idx_subscriptions_status ON subscriptions (status, period_end)',
        ],
        listRule: readers,
        viewRule: readers,
      }),
    )

    app
      .db()
      .newQuery(
        `CREATE TRIGGER plans_sold_frozen BEFORE UPDATE ON plans WHEN ${sold} AND (
    NEW.slug != OLD.slug OR NEW.version != OLD.version OR NEW.price_cents != OLD.price_cents
    OR ${content('NEW.limits')} IS NOT ${content('OLD.limits')}
    OR ${content('NEW.features')} IS NOT ${content('OLD.features')})
    BEGIN SELECT RAISE(ABORT, 'a sold plan does not change: make a new version'); END`,
      )
      .execute()
    app
      .db()
      .newQuery(
        `CREATE TRIGGER plans_sold_kept BEFORE DELETE ON plans WHEN ${sold}
    BEGIN SELECT RAISE(ABORT, 'a sold plan is kept'); END`,
      )
      .execute()

    prices.forEach(({ slug, name, price, limits, extras }) => {
      const record = new Record(plans)
      const [bots, cpu_milli, memory_mib, disk_mib, llm_cents, members] = limits
      record.load({
        slug,
        version: 1,
        name: { de: name, en: name },
        price_cents: price,
        for_sale: true,
        limits: { bots, cpu_milli, memory_mib, disk_mib, llm_cents, members },
        features: { sso: extras, sla: extras, dedicated: extras },
      })
      app.save(record)
    })
  },
  (app) => {
    app.db().newQuery('DROP TRIGGER plans_sold_frozen').execute()
    app.db().newQuery('DROP TRIGGER plans_sold_kept').execute()
    app.delete(app.findCollectionByNameOrId('subscriptions'))
    app.delete(app.findCollectionByNameOrId('plans'))
  },
)
