// Settings that a production instance must not run without.
migrate((app) => {
  const settings = app.settings()
  settings.meta.appName = 'CloudFreedom Agents'
  settings.meta.hideControls = true
  settings.batch.enabled = false
  settings.logs.maxDays = 5
  settings.logs.logIP = false
  settings.backups.cron = '0 3 * * *'
  settings.backups.cronMaxKeep = 7
  settings.trustedProxy.headers = ['X-Forwarded-For']
  settings.trustedProxy.useLeftmostIP = false
  settings.rateLimits.enabled = true
  settings.rateLimits.rules = [
    { label: '*:auth', maxRequests: 10, duration: 60, audience: '' },
    { label: 'users:requestPasswordReset', maxRequests: 3, duration: 600, audience: '' },
    { label: '*:create', maxRequests: 20, duration: 5, audience: '' },
    { label: 'POST /api/bots', maxRequests: 20, duration: 5, audience: '' },
    { label: '/api/', maxRequests: 300, duration: 10, audience: '' },
  ]
  app.save(settings)
}, (app) => {
  const settings = app.settings()
  settings.rateLimits.enabled = false
  settings.backups.cron = ''
  settings.trustedProxy.headers = []
  settings.logs.logIP = true
  app.save(settings)
})
