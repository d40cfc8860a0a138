import type { Text } from '../tenancy/refusal.ts'
import type { Reason } from './reason.ts'

/**
 * Every reason a bot can carry in `status_reason`: what it means, and what happens next or what to do.
 * The codes are stable: the portal, the logs and the alerts name them.
 */
export const REASONS = {
  accepted: {
    text: { de: 'Der Auftrag ist angenommen.', en: 'Your request has been accepted.' },
    next: { de: 'Er wird sofort bearbeitet.', en: 'It is being worked on right away.' },
  },
  creating: {
    text: { de: 'Der Bot wird auf dem Server eingerichtet.', en: 'The bot is being set up on the server.' },
    next: { de: 'Das dauert meist weniger als eine Minute.', en: 'This usually takes less than a minute.' },
  },
  starting_up: {
    text: { de: 'Der Bot startet.', en: 'The bot is starting.' },
    next: { de: 'Sobald er sich gesund meldet, läuft er.', en: 'It counts as running once it reports healthy.' },
  },
  applying_changes: {
    text: { de: 'Ihre Änderungen werden übernommen.', en: 'Your changes are being applied.' },
    next: { de: 'Danach startet der Bot neu; seine Daten bleiben.', en: 'The bot restarts afterwards; its data stays.' },
  },
  restarting: {
    text: { de: 'Der Bot startet neu.', en: 'The bot is restarting.' },
    next: { de: 'Seine Daten bleiben erhalten.', en: 'Its data is kept.' },
  },
  stopping: {
    text: { de: 'Der Bot wird angehalten.', en: 'The bot is being stopped.' },
    next: { de: 'Seine Daten bleiben erhalten.', en: 'Its data is kept.' },
  },
  deleting: {
    text: { de: 'Der Bot wird mit seinen Daten gelöscht.', en: 'The bot is being deleted with its data.' },
    next: { de: 'Er verschwindet aus der Liste, sobald nichts mehr übrig ist.', en: 'It leaves the list once nothing of it remains.' },
  },
  healthy: {
    text: { de: 'Der Bot läuft und meldet sich gesund.', en: 'The bot is running and reports healthy.' },
    next: { de: '', en: '' },
  },
  stopped_by_choice: {
    text: { de: 'Der Bot ist angehalten.', en: 'The bot is stopped.' },
    next: { de: 'Mit „Starten“ läuft er wieder.', en: 'Press Start to run it again.' },
  },
  tenant_suspended: {
    text: { de: 'Ihr Konto ist gesperrt, deshalb ist der Bot angehalten.', en: 'Your account is suspended, so the bot is stopped.' },
    next: { de: 'Nach der Freischaltung läuft er von selbst weiter.', en: 'It resumes by itself when the account is active again.' },
  },
  waiting_for_capacity: {
    text: { de: 'Gerade ist auf keinem Server Platz für diese Größe.', en: 'No server has room for this size right now.' },
    next: { de: 'Der Bot startet von selbst, sobald Platz frei ist.', en: 'The bot starts by itself as soon as there is room.' },
  },
  waiting_for_slot: {
    text: { de: 'Andere Bots starten gerade, dieser ist gleich an der Reihe.', en: 'Other bots are starting, this one is next.' },
    next: { de: 'Es geht von selbst weiter.', en: 'It continues by itself.' },
  },
  waiting_for_image: {
    text: { de: 'Die Plattform lädt das Image noch.', en: 'The platform is still pulling the image.' },
    next: { de: 'Ihr Auftrag folgt direkt danach.', en: 'Your request follows right after it.' },
  },
  platform_unreachable: {
    text: { de: 'Die Hosting-Plattform antwortet nicht.', en: 'The hosting platform does not answer.' },
    next: { de: 'Wir versuchen es weiter; Ihr Auftrag geht nicht verloren.', en: 'We keep trying; your request is not lost.' },
  },
  platform_busy: {
    text: { de: 'Die Hosting-Plattform ist ausgelastet.', en: 'The hosting platform is busy.' },
    next: { de: 'Es geht in Kürze von selbst weiter.', en: 'It continues by itself shortly.' },
  },
  platform_budget: {
    text: { de: 'Gerade laufen viele Aufträge.', en: 'Many requests are being worked on.' },
    next: { de: 'Ihrer folgt in Kürze.', en: 'Yours follows shortly.' },
  },
  platform_token_refused: {
    text: { de: 'Die Plattform lehnt unser Zugangstoken ab.', en: 'The platform refuses our access token.' },
    next: { de: 'Unser Betrieb muss es erneuern; danach geht es von selbst weiter.', en: 'Operations have to renew it; then it continues by itself.' },
  },
  platform_token_weak: {
    text: { de: 'Dem Zugangstoken der Plattform fehlen Rechte.', en: 'The platform token lacks permissions.' },
    next: { de: 'Unser Betrieb muss das beheben; danach geht es von selbst weiter.', en: 'Operations have to fix this; then it continues by itself.' },
  },
  platform_api_disabled: {
    text: { de: 'Die API der Plattform ist abgeschaltet.', en: 'The platform’s API is switched off.' },
    next: { de: 'Unser Betrieb muss das beheben; danach geht es von selbst weiter.', en: 'Operations have to fix this; then it continues by itself.' },
  },
  platform_ip_refused: {
    text: { de: 'Die Plattform lässt unsere IP-Adresse nicht zu.', en: 'The platform does not allow our IP address.' },
    next: { de: 'Unser Betrieb muss das beheben; danach geht es von selbst weiter.', en: 'Operations have to fix this; then it continues by itself.' },
  },
  platform_too_old: {
    text: { de: 'Die Version der Plattform ist zu alt.', en: 'The platform’s version is too old.' },
    next: { de: 'Unser Betrieb muss sie aktualisieren; danach geht es von selbst weiter.', en: 'Operations have to update it; then it continues by itself.' },
  },
  platform_unknown: {
    text: { de: 'Für diesen Server ist keine Plattform eingerichtet.', en: 'No platform is configured for this server.' },
    next: { de: 'Unser Betrieb muss sie einrichten; danach geht es von selbst weiter.', en: 'Operations have to set it up; then it continues by itself.' },
  },
  platform_still_deleting: {
    text: { de: 'Die Plattform räumt noch auf.', en: 'The platform is still cleaning up.' },
    next: { de: 'Es geht von selbst weiter.', en: 'It continues by itself.' },
  },
  answer_lost: {
    text: { de: 'Die Antwort der Plattform ging verloren.', en: 'The platform’s answer was lost.' },
    next: { de: 'Wir sehen nach, bevor wir etwas wiederholen.', en: 'We look before we repeat anything.' },
  },
  unhealthy: {
    text: { de: 'Der Bot läuft, meldet sich aber nicht gesund.', en: 'The bot runs but does not report healthy.' },
    next: { de: 'Die Logs zeigen den Grund; oft hilft ein Neustart.', en: 'The log shows why; a restart often helps.' },
  },
  crash_loop: {
    text: { de: 'Der Bot stürzt immer wieder ab.', en: 'The bot keeps crashing.' },
    next: { de: 'Prüfen Sie Angaben und Größe, dann neu ausrollen.', en: 'Check its settings and size, then redeploy.' },
  },
  container_exited: {
    text: { de: 'Der Bot hat sich beendet.', en: 'The bot has exited.' },
    next: { de: 'Die Logs zeigen den Grund; „Neu ausrollen“ versucht es noch einmal.', en: 'The log shows why; Redeploy tries again.' },
  },
  not_healthy_in_time: {
    text: { de: 'Der Bot wurde nicht rechtzeitig gesund.', en: 'The bot did not become healthy in time.' },
    next: { de: 'Wir sehen weiter nach; „Neu ausrollen“ beginnt von vorn.', en: 'We keep looking; Redeploy starts over.' },
  },
  not_stopped_in_time: {
    text: { de: 'Der Bot ließ sich nicht rechtzeitig anhalten.', en: 'The bot did not stop in time.' },
    next: { de: 'Wir sehen weiter nach.', en: 'We keep looking.' },
  },
  service_lost: {
    text: { de: 'Der Dienst dieses Bots ist von der Plattform verschwunden.', en: 'This bot’s service has vanished from the platform.' },
    next: { de: '„Neu ausrollen“ richtet ihn neu ein, mit leerem Datenspeicher.', en: 'Redeploy sets it up again, with empty storage.' },
  },
  platform_refused: {
    text: { de: 'Die Plattform lehnt diese Einrichtung ab.', en: 'The platform refuses this set-up.' },
    next: { de: 'Die Meldung steht im Verlauf; ändern Sie die Angaben oder fragen Sie uns.', en: 'The log has its message; change the settings or ask us.' },
  },
  platform_route_missing: {
    text: { de: 'Die Plattform kennt einen benötigten Aufruf nicht.', en: 'The platform lacks a call that we need.' },
    next: { de: 'Unser Betrieb muss die Plattform aktualisieren.', en: 'Operations have to update the platform.' },
  },
  domain_taken: {
    text: { de: 'Die Adresse ist auf der Plattform schon vergeben.', en: 'The address is already taken on the platform.' },
    next: { de: 'Löschen Sie den Bot und stellen Sie ihn unter einem anderen Namen bereit.', en: 'Delete the bot and deploy it under another name.' },
  },
  template_broken: {
    text: { de: 'Die Vorlage lässt sich mit diesen Angaben nicht erzeugen.', en: 'The template cannot be rendered with these settings.' },
    next: { de: 'Ändern Sie die Angaben oder fragen Sie uns; die Meldung steht im Verlauf.', en: 'Change the settings or ask us; the log has the message.' },
  },
  secret_unreadable: {
    text: { de: 'Ein Geheimnis dieses Bots lässt sich nicht entschlüsseln.', en: 'One of this bot’s secrets cannot be decrypted.' },
    next: { de: 'Geben Sie es neu ein.', en: 'Enter it again.' },
  },
} satisfies Record<Reason, { text: Text; next: Text }>
