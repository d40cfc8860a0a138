/** Coolify's rule for names of projects and environments (Support/ValidationPatterns), kept to ASCII. */
const name = /^[A-Za-z0-9 \-_.@/&()#,:+]{3,255}$/
/** What may stand in a path: a uuid or an environment's name; a slash or `..` would name another route. */
const segment = /^[A-Za-z0-9_-][A-Za-z0-9 \-_.@&()#,:+]{0,254}$/
const serviceKey = /^[a-z0-9-]{1,63}$/
const variableKey = /^[A-Za-z_][A-Za-z0-9_.]{0,254}$/
/** A quote or a line break in a literal corrupts Coolify's `.env` file (coolify #7635, #8976). */
const brokenValue = /['\r\n\0]/

export const variableLengthMax = 32_768
export const variablesMax = 500

export const isName = (text: string): boolean => name.test(text)
export const isSegment = (text: string): boolean => segment.test(text)
export const isServiceKey = (text: string): boolean => serviceKey.test(text)

/**
 * Why these variables cannot be sent, naming keys but never values; empty when they can.
 * @param set the values by key
 * @param remove keys to delete
 */
export function faultOfVariables(set: Record<string, string>, remove: string[]): string {
  const entries = Object.entries(set)
  if (entries.length + remove.length > variablesMax) return `more than ${variablesMax} variables`
  if (entries.some(([key]) => !variableKey.test(key))) return 'the platform refuses the name of a variable'
  const broken = entries.find(([, value]) => brokenValue.test(value))
  if (broken !== undefined) return `the value of ${broken[0]} has a single quote or a line break`
  const long = entries.find(([, value]) => value.length > variableLengthMax)
  return long === undefined ? '' : `the value of ${long[0]} is longer than ${variableLengthMax} characters`
}
