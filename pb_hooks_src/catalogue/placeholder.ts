/** `${answers.TZ}`: a namespace, a dot, a name. Inserted values are never read again for placeholders. */
const placeholder = /\$\{([^}]*)\}/g
const shape = /^(answers|platform|bot|file)\.([A-Za-z0-9_-]+)$/

export type Value = string | number | boolean

/** What a placeholder may name. A value of null is known but not set: it inserts nothing. */
export type Scope = Readonly<
  Record<'answers' | 'platform' | 'bot' | 'file', Readonly<Record<string, Value | null>>>
>

/** Rendering stopped because the input is not complete; `what` names the missing or wrong part. */
export class RenderError extends Error {
  readonly what: string
  constructor(what: string, why: string) {
    super(`cannot render ${what}: ${why}`)
    this.name = 'RenderError'
    this.what = what
  }
}

/** Every reference between `${` and `}` in a text, well formed or not. */
export function references(text: string): string[] {
  return [...text.matchAll(placeholder)].map((match) => match[1] ?? '')
}

/** The value behind a reference such as `answers.TZ`. @throws RenderError if nothing of that name exists. */
export function lookUp(reference: string, scope: Scope): Value | null {
  const match = shape.exec(reference)
  const names = match === null ? undefined : scope[match[1] as keyof Scope]
  const name = match?.[2] ?? ''
  if (names === undefined || !Object.hasOwn(names, name))
    throw new RenderError(reference, 'nothing has this name')
  return names[name] ?? null
}

/** Replaces every placeholder of a text. @throws RenderError on one that names nothing. */
export function fill(text: string, scope: Scope): string {
  return text.replace(placeholder, (_, reference: string) => String(lookUp(reference, scope) ?? ''))
}

/** Like `fill`, but a text that is one placeholder and nothing else keeps the type of its value. */
export function fillValue(text: string, scope: Scope): Value {
  const whole = /^\$\{([^}]*)\}$/.exec(text)
  return whole === null ? fill(text, scope) : (lookUp(whole[1] ?? '', scope) ?? '')
}
