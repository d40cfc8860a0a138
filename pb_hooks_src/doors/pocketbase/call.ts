/**
 * The text of a handler that PocketBase evaluates in a pooled VM: it loads the composition root and
 * calls one of its exports with the event. PocketBase takes handlers as text (plugins/jsvm/binds.go:
 * hooks, routes and crons); nothing of this file exists at run time, so everything is in the string.
 * @param name an export of `app.ts`; a misspelt one does not compile
 * @param argument an optional constant passed instead of the event (crons have no event)
 */
export function call(name: keyof typeof import('../../app.ts'), argument?: number | string): never {
  const given = argument === undefined ? 'e' : JSON.stringify(argument)
  return ('function (e) { return require(__hooks + "/app.js").' + name + '(' + given + ') }') as never
}
