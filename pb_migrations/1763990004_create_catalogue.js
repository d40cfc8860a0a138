// Templates and their versions; a published version never changes.
const mine = '(tenant = "" || (@request.auth.tenant != "" && tenant = @request.auth.tenant))'
const operator = '(@request.auth.staff = "operator")'

migrate((app) => {
  const offered = `((@request.auth.id != "" && (visibility = "public" || visibility = "beta") && ${mine}) || ${operator})`
  const templates = new Collection({
    type: 'base', name: 'bot_templates', listRule: offered, viewRule: offered,
    fields: [
      { type: 'text', name: 'slug', required: true, max: 40, presentable: true, pattern: '^[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])$', help: 'Folder name in templates/.' },
      { type: 'json', name: 'name', required: true, maxSize: 2000, help: '{"de", "en"}' },
      { type: 'json', name: 'summary', maxSize: 4000, help: '{"de", "en"}, one or two sentences.' },
      { type: 'text', name: 'category', max: 40, help: 'assistant, workflow, developer or custom.' },
      { type: 'json', name: 'tags', maxSize: 4000, help: 'List of words.' },
      { type: 'text', name: 'publisher', max: 200, help: 'Who makes it.' },
      { type: 'text', name: 'homepage', max: 500, help: 'https address.' },
      { type: 'text', name: 'docs_url', max: 500, help: 'https address.' },
      { type: 'json', name: 'licence', maxSize: 8000, help: 'SPDX id, address, and whether hosting it for money is allowed.' },
      { type: 'json', name: 'data_protection', maxSize: 16000, help: 'Telemetry hosts, categories of data, processors.' },
      { type: 'select', name: 'visibility', required: true, maxSelect: 1, values: ['draft', 'beta', 'public', 'retired'], help: 'Only beta and public are offered; existing bots of a retired one go on.' },
      { type: 'relation', name: 'tenant', collectionId: app.findCollectionByNameOrId('tenants').id, maxSelect: 1, help: 'A private template of this tenant; empty = for all.' },
    ],
    indexes: ['CREATE UNIQUE INDEX idx_bot_templates_slug ON bot_templates (slug)'],
  })
  app.save(templates)
  const version = '((@request.auth.id != "" && published = true && (template.tenant = "" || (@request.auth.tenant != "" && template.tenant = @request.auth.tenant))) || (@request.auth.staff = "operator"))'
  app.save(new Collection({
    type: 'base', name: 'bot_template_versions', listRule: version, viewRule: version,
    fields: [
      { type: 'relation', name: 'template', required: true, collectionId: templates.id, maxSelect: 1, help: 'Of which template.' },
      { type: 'number', name: 'version', required: true, onlyInt: true, min: 1, help: 'Rises by one.' },
      { type: 'text', name: 'app_version', max: 60, presentable: true, help: 'The publisher’s own version.' },
      { type: 'select', name: 'channel', maxSelect: 1, values: ['stable', 'lts', 'edge'], help: 'Line of development.' },
      { type: 'json', name: 'spec', required: true, maxSize: 2097152, help: 'The whole version as in templates/<slug>/<version>/version.json, files included.' },
      { type: 'text', name: 'checksum', max: 64, help: 'sha256 of the spec. Set by the server.' },
      { type: 'bool', name: 'published', help: 'Checked and then frozen: a published version never changes.' },
      { type: 'date', name: 'published_at', help: 'Set at publication.' },
      { type: 'text', name: 'note', max: 2000, help: 'Why it is not published, or what changed.' },
    ],
    indexes: ['CREATE UNIQUE INDEX idx_bot_template_versions_template_version ON bot_template_versions (template, version)'],
  }))
  app.db().newQuery(`CREATE TRIGGER bot_template_versions_published_stay BEFORE UPDATE ON bot_template_versions
    WHEN OLD.published = 1 AND (NEW.spec != OLD.spec OR NEW.checksum != OLD.checksum OR NEW.template != OLD.template OR NEW.version != OLD.version)
    BEGIN SELECT RAISE(ABORT, 'a published version never changes'); END`).execute()
}, (app) => {
  app.db().newQuery('DROP TRIGGER IF EXISTS bot_template_versions_published_stay').execute()
  app.delete(app.findCollectionByNameOrId('bot_template_versions'))
  app.delete(app.findCollectionByNameOrId('bot_templates'))
})
