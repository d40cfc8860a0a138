/// <reference path="./doors/pocketbase/globals.d.ts" />
// The wiring table: every hook, route and cron on one line, and nothing else (see docs/architecture.md).
import { call } from './doors/pocketbase/call.ts'

onTerminate(call('terminating'))
$app.onServe().bindFunc((e) => { require(__hooks + '/app.js').serving(e) })

onRecordCreateRequest(call('botCreateRequested'), 'bot_instances')
onRecordUpdateRequest(call('botUpdateRequested'), 'bot_instances')
onRecordDeleteRequest(call('botDeleteRequested'), 'bot_instances')
onRecordCreate(call('botCreating'), 'bot_instances')
onRecordUpdate(call('botUpdating'), 'bot_instances')
onRecordDelete(call('botDeleting'), 'bot_instances')
onRecordEnrich(call('botEnriched'), 'bot_instances')
onRecordUpdate(call('tenantUpdating'), 'tenants')
onRecordUpdateRequest(call('serverUpdateRequested'), 'servers')
onRecordUpdate(call('serverUpdating'), 'servers')
onRecordCreate(call('versionSaving'), 'bot_template_versions')
onRecordUpdate(call('versionSaving'), 'bot_template_versions')

routerUse(call('secureHeaders'))
routerUse($apis.gzip())
routerAdd('GET', '/api/ready', call('ready'))
routerAdd('GET', '/api/ops/summary', call('summary'))
routerAdd('POST', '/api/bots', call('botDeployed'))
routerAdd('POST', '/api/bots/{id}/{verb}', call('botOrdered'))
routerAdd('GET', '/api/bots/{id}/logs', call('botLogs'))

cronAdd('work-1', '* * * * *', call('lane', 1))
cronAdd('work-2', '* * * * *', call('lane', 2))
cronAdd('work-3', '* * * * *', call('lane', 3))
cronAdd('work-4', '* * * * *', call('lane', 4))
cronAdd('work-5', '* * * * *', call('lane', 5))
cronAdd('work-6', '* * * * *', call('lane', 6))
