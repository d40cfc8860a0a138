/// <reference path="../pb_data/types.d.ts" />
// Bot templates and their versions. The built catalogue is imported into these rows when the server starts.

const text = (name, max, help, more) => ({ type: 'text', name, max, help, ...more })
const whole = (name, help, more) => ({ type: 'number', name, min: 0, onlyInt: true, help, ...more })
const json = (name, maxSize, help, more) => ({ type: 'json', name, maxSize, help, ...more })
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
const offered = '(visibility != "draft" && (tenant = "" || tenant = @request.auth.tenant))'
const offeredVersion =
  '(published = true && template.visibility != "draft" && ' +
  '(template.tenant = "" || template.tenant = @request.auth.tenant))'

// The dashboard sends JSON back with its keys in another order, so the content is compared and not the text.
// An ORDER BY inside group_concat would keep sqlite3 tools older than 3.44 from opening the database at all.
const content = (column) => `(SELECT group_concat(part, ';') FROM (
  SELECT fullkey || ' ' || type || ' ' || ifnull(atom, '') AS part
  FROM json_tree(${column}) ORDER BY fullkey))`

migrate(
  (app) => {
    const templates = new Collection({
      type: 'base',
      name: 'bot_templates',
      fields: [
        text('slug', 40, 'Short name of the template, as in the templates folder.', {
          required: true,
          presentable: true,
          pattern: '^[a-z0-9-]+$',
        }),
        json('name', 2000, 'The name as {"de": "...", "en": "..."}.', { required: true }),
        json('summary', 4000, 'One sentence as {"de": "...", "en": "..."}.'),
        text('category', 40, 'Group in the catalogue.'),
        json('tags', 4000, 'Words to find it by, as a list.'),
        text('publisher', 120, 'Who makes the software.'),
        text('homepage', 300, 'Address of the project.'),
        text('docs_url', 300, 'Address of its documentation.'),
        json('licence', 8000, 'Licence of the software and whether it may be hosted for customers.'),
        json('data_protection', 16000, 'Which personal data the bot handles and who else sees it.'),
        pick(
          'visibility',
          ['draft', 'beta', 'public', 'retired'],
          'Draft: only operators see it. Retired: no new bots.',
          { required: true },
        ),
        one(
          'tenant',
          app.findCollectionByNameOrId('tenants').id,
          'Only this tenant sees it; empty means everyone.',
        ),
        ...stamps,
      ],
      indexes: [
        'CREATE UNIQUE INDEX idx_bot_templates_slug ON bot_templates (slug)',
        'CREATE INDEX idx_bot_templates_tenant ON bot_templates (tenant)',
      ],
      listRule: `@request.auth.id != "" && (${offered} || ${operator})`,
      viewRule: `@request.auth.id != "" && (${offered} || ${operator})`,
    })
    app.save(templates)

    app.save(
      new Collection({
        type: 'base',
        name: 'bot_template_versions',
        fields: [
          one('template', templates.id, 'The template this is a version of.', { required: true, presentable: true }),
          whole('version', 'Counts the versions of the template from 1.', {
            required: true,
            presentable: true,
          }),
          text('app_version', 60, 'Version of the software inside.', { presentable: true }),
          pick('channel', ['stable', 'lts', 'edge'], 'How settled the version is.', { required: true }),
          json(
            'spec',
            2097152,
            'The whole version: services, questions, files, health, resources. Frozen once published.',
            { required: true },
          ),
          text('checksum', 64, 'SHA-256 of the specification as it was imported.'),
          {
            type: 'bool',
            name: 'published',
            help: 'Customers may use it. There is no way back: retire the template instead.',
          },
          { type: 'date', name: 'published_at', help: 'When it was published.' },
          text('note', 1000, 'A remark for operators, for example why it is not published.'),
          ...stamps,
        ],
        indexes: [
          'CREATE UNIQUE INDEX idx_bot_template_versions_version ' +
            'ON bot_template_versions (template, version)',
        ],
        listRule: `@request.auth.id != "" && (${offeredVersion} || ${operator})`,
        viewRule: `@request.auth.id != "" && (${offeredVersion} || ${operator})`,
      }),
    )

    app
      .db()
      .newQuery(
        `CREATE TRIGGER bot_template_versions_frozen BEFORE UPDATE ON bot_template_versions
    WHEN OLD.published = 1 AND (NEW.published != 1 OR NEW.template != OLD.template
    OR NEW.version != OLD.version OR NEW.checksum != OLD.checksum
    OR ${content('NEW.spec')} IS NOT ${content('OLD.spec')})
    BEGIN SELECT RAISE(ABORT, 'a published version does not change: make a new one'); END`,
      )
      .execute()
  },
  (app) => {
    app.delete(app.findCollectionByNameOrId('bot_template_versions'))
    app.delete(app.findCollectionByNameOrId('bot_templates'))
  },
)
