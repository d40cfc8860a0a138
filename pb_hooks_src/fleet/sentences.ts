import type { Locale, Refusal, Text } from '../tenancy/refusal.ts'
import { catalogueSentences } from '../catalogue/sentences.ts'

/** The sentence of each refusal that is not the catalogue's. `{name}` is replaced from the refusal's params. */
const own: Record<string, Text> = {
  required: { de: 'Bitte ausfüllen.', en: 'Please fill this in.' },
  too_long: { de: 'Höchstens {max} Zeichen.', en: 'At most {max} characters.' },
  control_characters: { de: 'Steuerzeichen sind hier nicht erlaubt.', en: 'Control characters are not allowed here.' },
  unknown_field: { de: 'Dieses Feld gibt es nicht.', en: 'There is no such field.' },
  server_only_field: { de: 'Dieses Feld setzt nur der Server.', en: 'Only the server sets this field.' },
  not_text: { de: 'Hier wird Text erwartet.', en: 'A text is expected here.' },
  not_whole_number: { de: 'Hier wird eine ganze Zahl ab 0 erwartet.', en: 'A whole number of 0 or more is expected here.' },
  not_an_object: { de: 'Hier wird ein Objekt aus Namen und Werten erwartet.', en: 'An object of names and values is expected here.' },
  not_one_of: { de: 'Erlaubt ist: {options}.', en: 'Allowed: {options}.' },
  too_many_keys: { de: 'Höchstens {max} Einträge.', en: 'At most {max} entries.' },
  body_too_long: { de: 'Die Anfrage ist zu groß.', en: 'The request is too large.' },
  body_not_json: { de: 'Bitte senden Sie JSON (Content-Type: application/json).', en: 'Please send JSON (Content-Type: application/json).' },
  body_not_object: { de: 'Es wird ein JSON-Objekt erwartet.', en: 'A JSON object is expected.' },
  template_unknown: { de: 'Diese Vorlage gibt es nicht oder sie ist nicht veröffentlicht.', en: 'This template does not exist or is not published.' },
  template_fixed: { de: 'Ein Bot kann nur zu einer anderen Version derselben Vorlage wechseln.', en: 'A bot can only move to another version of the same template.' },
  tenant_missing: { de: 'Bitte wählen Sie einen Kunden.', en: 'Please choose a customer.' },
  tenant_fixed: { de: 'Ein Bot kann den Kunden nicht wechseln.', en: 'A bot cannot move to another customer.' },
  tenant_not_active: { de: 'Dieses Konto ist gesperrt. Nach der Freischaltung geht es weiter.', en: 'This account is suspended. You can go on once it is active again.' },
  no_subscription: { de: 'Für dieses Konto gibt es keinen aktiven Tarif.', en: 'This account has no active plan.' },
  plan_bots_exhausted: { de: 'Ihr Tarif erlaubt {max} Bots, und so viele gibt es schon.', en: 'Your plan allows {max} bots, and you already have that many.' },
  plan_cpu_exhausted: { de: 'Ihr Tarif erlaubt zusammen {max} mCPU; frei sind noch {left}.', en: 'Your plan allows {max} mCPU in total; {left} are left.' },
  plan_memory_exhausted: { de: 'Ihr Tarif erlaubt zusammen {max} MiB Arbeitsspeicher; frei sind noch {left}.', en: 'Your plan allows {max} MiB of memory in total; {left} are left.' },
  plan_disk_exhausted: { de: 'Ihr Tarif erlaubt zusammen {max} MiB Speicherplatz; frei sind noch {left}.', en: 'Your plan allows {max} MiB of disk in total; {left} are left.' },
  below_minimum: { de: 'Diese Vorlage braucht mindestens {min} {unit}.', en: 'This template needs at least {min} {unit}.' },
  no_server_holds_size: { de: 'Kein Server kann einen Bot dieser Größe aufnehmen. Bitte wählen Sie eine kleinere.', en: 'No server can hold a bot of this size. Please choose a smaller one.' },
  server_has_no_room: { de: 'Auf dem Server dieses Bots ist für diese Größe kein Platz.', en: 'This bot’s server has no room for this size.' },
  slug_shape: { de: 'Erlaubt sind 3 bis 40 Zeichen: a–z, 0–9 und Bindestriche in der Mitte.', en: 'Use 3 to 40 characters: a–z, 0–9 and inner hyphens.' },
  slug_reserved: { de: 'Dieser Name ist reserviert.', en: 'This name is reserved.' },
  slug_taken: { de: 'Dieser Name ist schon vergeben.', en: 'This name is already taken.' },
  slug_is_fixed: { de: 'Die Adresse eines Bots bleibt, wie sie ist.', en: 'A bot’s address stays as it is.' },
  bot_is_being_deleted: { de: 'Dieser Bot wird gerade gelöscht.', en: 'This bot is being deleted.' },
  custom_domain_later: { de: 'Eigene Domains sind für diesen Tarif noch nicht freigeschaltet.', en: 'Custom domains are not enabled for this account yet.' },
  revision_conflict: { de: 'Der Bot wurde inzwischen geändert. Bitte laden Sie ihn neu und versuchen Sie es noch einmal.', en: 'The bot was changed meanwhile. Please reload it and try again.' },
  verb_not_possible: { de: 'Das geht in diesem Zustand nicht. Möglich ist: {options}.', en: 'This is not possible in this state. Possible: {options}.' },
  bot_unknown: { de: 'Diesen Bot gibt es nicht.', en: 'There is no such bot.' },
  role_may_not: { de: 'Ihre Rolle darf Bots nur ansehen.', en: 'Your role may only look at bots.' },
  platform_value_missing: { de: 'Diese Vorlage braucht eine Einstellung des Betriebs, die noch fehlt: {names}.', en: 'This template needs a setting of the platform that is still missing: {names}.' },
  plan_deleting: { de: 'Es werden noch zu viele Bots gelöscht. Bitte warten Sie einen Moment.', en: 'Too many bots are still being deleted. Please wait a moment.' },
  server_in_use: { de: 'Auf diesem Server sind noch Bots.', en: 'There are still bots on this server.' },
  tenant_in_use: { de: 'Diesem Kunden gehören noch Bots, Server oder Vorlagen.', en: 'Bots, servers or templates still belong to this customer.' },
  written_by_server: { de: 'Diese Zeilen schreibt nur der Server.', en: 'Only the server writes these rows.' },
  only_by_finaliser: { de: 'Ein Bot wird erst entfernt, wenn auf der Plattform nichts mehr übrig ist.', en: 'A bot is removed only once nothing of it is left on the platform.' },
}

/** The sentence for a refusal in the caller's language; a code without a sentence shows itself. */
export function sentence(refusal: Refusal, locale: Locale): string {
  const text = own[refusal.code] ?? catalogueSentences[refusal.code]
  if (text === undefined) return refusal.code
  return text[locale].replace(/\{(\w+)\}/g, (whole, name: string) => String(refusal.params?.[name] ?? whole))
}

/** The headline above the fields of a refused request. */
export function headline(locale: Locale): string {
  return locale === 'de' ? 'Bitte prüfen Sie die markierten Angaben.' : 'Please check the marked fields.'
}
