/** What the bot was told, from its configuration file and, where that says nothing, from variables. */
export type Settings = {
  name: string
  greeting: string
  shout: boolean
  repeats: number
  website: string
  contact: string
  /** Names of what is configured; never a value, as some are secret. */
  set: string[]
}

const repeatsMax = 5
/** Variables that belong to the machine and say nothing about the bot. */
const notOurs =
  /^(PATH$|HOME$|NODE_|COOLIFY_|SERVICE_|BOT_(HOST|PORT|TIED|NAME|CONFIG)$|STATE_DIR$|PORT$|LANG|LC_|TZ$)/

/**
 * @param read reads the file that BOT_CONFIG names
 */
export function settingsOf(
  env: { [name: string]: string | undefined }, read: (path: string) => string,
): Settings {
  const file = fileOf(env['BOT_CONFIG'] ?? '', read)
  const text = (key: string, name: string, otherwise: string): string => {
    const given = file[key] ?? env[name]
    return given === undefined || given === null || given === '' ? otherwise : String(given)
  }
  const set = Object.keys(env).filter((name) => (env[name] ?? '') !== '' && !notOurs.test(name)).sort()
  return {
    name: text('title', 'PAGE_TITLE', env['BOT_NAME'] ?? 'Echo bot'),
    greeting: text('greeting', 'GREETING', 'Hallo'),
    shout: ['true', '1'].includes(text('shout', 'SHOUT', 'false')),
    repeats: Math.min(repeatsMax, Math.max(1, Math.trunc(Number(text('repeats', 'REPEATS', '1'))) || 1)),
    website: text('website', 'WEBSITE', ''), contact: text('contact', 'CONTACT', ''),
    set: [...Object.keys(file), ...set],
  }
}

/** What the bot says to a text. */
export function echoed({ greeting, shout, repeats }: Settings, text: string): string {
  const said = Array.from({ length: repeats }, () => text).join(' ')
  const whole = `${greeting} ${said}`
  return shout ? whole.toUpperCase() : whole
}

function fileOf(path: string, read: (path: string) => string): { [key: string]: unknown } {
  if (path === '') return {}
  try {
    const given = JSON.parse(read(path)) as unknown
    return typeof given === 'object' && given !== null ? (given as { [key: string]: unknown }) : {}
  } catch {
    return {}
  }
}
