import type { Text } from '../tenancy/refusal.ts'

/**
 * The sentences of the catalogue's refusals, by code; `{name}` is filled from a refusal's params.
 * The shared ones (required, too_long, not_text, not_an_object, control_characters) stand with the fleet.
 */
export const catalogueSentences: Record<string, Text> = {
  // Answers and secrets of a bot.
  unknown_answer: {
    de: 'Diese Vorlage kennt die Angabe „{key}“ nicht.',
    en: 'This template has no setting “{key}”.',
  },
  unknown_secret: {
    de: 'Diese Vorlage kennt das Geheimnis „{key}“ nicht.',
    en: 'This template has no secret “{key}”.',
  },
  not_editable: {
    de: 'Diese Angabe ist von der Vorlage vorgegeben.',
    en: 'The template fixes this setting.',
  },
  not_number: { de: 'Bitte geben Sie eine Zahl ein.', en: 'Please enter a number.' },
  not_boolean: { de: 'Hier ist nur ja oder nein möglich.', en: 'Only yes or no is possible here.' },
  not_an_option: {
    de: 'Bitte wählen Sie einen der angebotenen Werte: {options}.',
    en: 'Please choose one of the values offered: {options}.',
  },
  not_url: {
    de: 'Bitte geben Sie eine vollständige Adresse ein, die mit https:// oder http:// beginnt.',
    en: 'Please enter a full address that begins with https:// or http://.',
  },
  not_email: { de: 'Das ist keine gültige E-Mail-Adresse.', en: 'This is not a valid e-mail address.' },
  pattern_mismatch: { de: '{reason_de}', en: '{reason_en}' },
  number_not_whole: { de: 'Bitte geben Sie eine ganze Zahl ein.', en: 'Please enter a whole number.' },
  number_too_small: {
    de: 'Der Wert muss mindestens {min} betragen.',
    en: 'The value must be at least {min}.',
  },
  number_too_large: { de: 'Der Wert darf höchstens {max} betragen.', en: 'The value must be at most {max}.' },
  too_short: { de: 'Mindestens {min} Zeichen.', en: 'At least {min} characters.' },
  secret_required: {
    de: 'Der Bot braucht dieses Geheimnis. Sie können es ersetzen, aber nicht entfernen.',
    en: 'The bot needs this secret. You can replace it but not remove it.',
  },
  value_line_break: {
    de: 'Zeilenumbrüche sind hier nicht möglich.',
    en: 'Line breaks are not possible here.',
  },
  value_too_large: {
    de: 'Der Wert ist zu lang; erlaubt sind {max} KiB.',
    en: 'The value is too long; {max} KiB are allowed.',
  },
  value_single_quote: {
    de: "Ein Geheimnis darf kein einfaches Anführungszeichen (') enthalten.",
    en: "A secret must not contain a single quote (').",
  },
  value_double_brace: {
    de: 'Ein Geheimnis darf nicht „{{“ enthalten.',
    en: 'A secret must not contain “{{”.',
  },
  value_leading_dollar: {
    de: 'Der Wert darf nicht mit „$“ beginnen.',
    en: 'The value must not begin with “$”.',
  },
  // Own images.
  image_without_digest: {
    de: 'Bitte geben Sie das Image vollständig und mit Prüfsumme an: registry.example.de/name:1.0@sha256:…',
    en: 'Please give the whole image reference with its digest: registry.example.com/name:1.0@sha256:…',
  },
  command_unreadable: {
    de: 'Der Befehl ist nicht lesbar: Prüfen Sie die Anführungszeichen (höchstens {max} Wörter).',
    en: 'The command cannot be read: please check its quotes (at most {max} words).',
  },
  variable_line_unreadable: {
    de: 'Jede Zeile muss NAME=Wert lauten. Bitte prüfen Sie: Zeile {lines}.',
    en: 'Every line must read NAME=value. Please check: line {lines}.',
  },
  variable_twice: {
    de: 'Die Variable „{key}“ ist doppelt vergeben.',
    en: 'The variable “{key}” is set twice.',
  },
  variable_reserved: { de: 'Der Name „{key}“ ist reserviert.', en: 'The name “{key}” is reserved.' },
  too_many_variables: {
    de: 'Höchstens {max} Variablen sind möglich.',
    en: 'At most {max} variables are possible.',
  },
  // Versions of templates: read by operators.
  malformed: {
    de: '„{field}“ fehlt oder hat nicht die erwartete Form.',
    en: '“{field}” is missing or not of the expected shape.',
  },
  key_not_allowed: {
    de: '„{key}“ ist in einer Vorlage nicht erlaubt.',
    en: '“{key}” is not allowed in a template.',
  },
  image_repository_shape: {
    de: '„{repository}“ ist kein vollständiger Image-Name mit Registry.',
    en: '“{repository}” is not a full image name with its registry.',
  },
  image_tag_shape: { de: '„{tag}“ ist kein gültiges Tag.', en: '“{tag}” is not a valid tag.' },
  image_tag_moves: {
    de: 'Das Tag „{tag}“ zeigt nicht fest auf eine Version.',
    en: 'The tag “{tag}” does not stay on one version.',
  },
  image_digest_shape: { de: 'Das ist keine gültige Prüfsumme.', en: 'This is not a valid digest.' },
  image_per_service: {
    de: 'Jeder Dienst braucht genau ein Image.',
    en: 'Every service needs exactly one image.',
  },
  name_twice: { de: '„{key}“ kommt doppelt vor.', en: '“{key}” appears twice.' },
  shares_sum: {
    de: 'Die Anteile der Dienste ergeben {sum} statt 100.',
    en: 'The shares of the services add up to {sum} instead of 100.',
  },
  service_unknown: {
    de: 'Den Dienst „{key}“ gibt es in dieser Version nicht.',
    en: 'This version has no service “{key}”.',
  },
  one_primary_endpoint: {
    de: 'Genau ein Endpunkt muss der öffentliche sein, nicht {count}.',
    en: 'Exactly one endpoint must be the primary one, not {count}.',
  },
  json_needs_node: {
    de: 'Eine JSON-Erwartung braucht das Prüfprogramm node.',
    en: 'Expecting JSON needs the probe node.',
  },
  mount_forbidden: {
    de: '„{path}“ darf nicht eingehängt werden.',
    en: 'Nothing may be mounted at “{path}”.',
  },
  mount_twice: {
    de: 'Unter „{key}“ ist schon etwas eingehängt.',
    en: 'Something is already mounted at “{key}”.',
  },
  tmpfs_shape: {
    de: '„{line}“ ist keine erlaubte tmpfs-Angabe; die Größe muss dabei sein.',
    en: '“{line}” is not an allowed tmpfs line; it must give a size.',
  },
  user_is_root: {
    de: '„{user}“ muss uid:gid sein und darf nicht root sein.',
    en: '“{user}” must be uid:gid and not root.',
  },
  variable_name_shape: {
    de: '„{key}“ ist kein gültiger Variablenname.',
    en: '“{key}” is not a valid variable name.',
  },
  default_refused: {
    de: 'Der Vorgabewert wird von der eigenen Frage abgelehnt ({reason}).',
    en: 'The default is refused by its own question ({reason}).',
  },
  only_for_kind: {
    de: 'Das gibt es nur bei Fragen der Art {kind}.',
    en: 'This exists only for questions of kind {kind}.',
  },
  multiline_variable: {
    de: 'Ein mehrzeiliger Wert kann keine Variable sein.',
    en: 'A value of several lines cannot be a variable.',
  },
  secret_default: {
    de: 'Ein Geheimnis darf keinen Vorgabewert haben.',
    en: 'A secret must not have a default.',
  },
  pattern_broken: {
    de: 'Das Muster „{pattern}“ ist nicht überall lesbar.',
    en: 'The pattern “{pattern}” cannot be read everywhere.',
  },
  text_missing: {
    de: 'Der Text muss in beiden Sprachen vorhanden sein.',
    en: 'The text must be there in both languages.',
  },
  placeholder_unknown: {
    de: '„{reference}“ gibt es nicht oder darf hier nicht stehen.',
    en: '“{reference}” does not exist or must not be used here.',
  },
  file_not_json: { de: 'Die Datei ist kein gültiges JSON.', en: 'The file is not valid JSON.' },
  licence_not_allowed: {
    de: 'Die Lizenz erlaubt keinen Verkauf eines gehosteten Zugangs.',
    en: 'The licence does not allow to sell hosted access.',
  },
}
