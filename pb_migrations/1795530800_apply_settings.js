/// <reference path="../pb_data/types.d.ts" />
// Settings that PocketBase ships switched off or too open. An admin may change them later in the dashboard.

const rules = (list) =>
  list.map(([label, maxRequests, duration]) => ({ label, maxRequests, duration, audience: '' }))

migrate(
  (app) => {
    const settings = app.settings()
    settings.meta.appName = 'CloudFreedom'

    // Counted per address in fixed windows of `duration` seconds; superusers are exempt.
    settings.rateLimits.enabled = true
    settings.rateLimits.rules = rules([
      ['*:auth', 2, 3],
      ['users:requestPasswordReset', 3, 600],
      ['users:requestVerification', 3, 600],
      ['users:create', 5, 600],
      ['*:create', 20, 5],
      ['POST /api/bots', 20, 5],
      ['POST /api/bots/', 40, 10],
      ['/api/', 300, 10],
    ])

    // Behind the reverse proxy all callers share its address; only the rightmost entry is the proxy's own.
    settings.trustedProxy.headers = ['X-Forwarded-For']
    settings.trustedProxy.useLeftmostIP = false

    settings.logs.maxDays = 5
    settings.logs.logIP = false
    settings.batch.enabled = false
    settings.backups.cron = '0 3 * * *'
    settings.backups.cronMaxKeep = 7
    app.save(settings)
  },
  (app) => {
    const settings = app.settings()
    settings.meta.appName = 'Acme'
    settings.rateLimits.enabled = false
    settings.rateLimits.rules = rules([
      ['*:auth', 2, 3],
      ['*:create', 20, 5],
      ['/api/batch', 3, 1],
      ['/api/', 300, 10],
    ])
    settings.trustedProxy.headers = []
    settings.logs.maxDays = 5
    settings.logs.logIP = true
    settings.backups.cron = ''
    settings.backups.cronMaxKeep = 3
    app.save(settings)
  },
)
