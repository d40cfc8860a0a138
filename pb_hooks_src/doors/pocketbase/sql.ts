/**
 * Plain SQL. Every statement that reads selects (or returns) one column `j` that holds JSON text: NULLs
 * and integers then arrive as they are, and no shape has to be declared twice.
 * Writes must not begin with WITH: PocketBase would route them to the read pool (core/db_builder.go).
 */
export function rows<T>(app: PbApp, sql: string, params: { [name: string]: unknown } = {}): T[] {
  const found = arrayOf(new DynamicModel({ j: '' }))
  app.db().newQuery(sql).bind(params).all(found)
  const list: T[] = []
  for (let index = 0; index < found.length; index++) list.push(JSON.parse(String((found[index] as { j: string }).j)) as T)
  return list
}

/** The first row, or null. */
export function row<T>(app: PbApp, sql: string, params: { [name: string]: unknown } = {}): T | null {
  return rows<T>(app, sql, params)[0] ?? null
}

/** A statement without rows; answers how many rows it touched. */
export function run(app: PbApp, sql: string, params: { [name: string]: unknown } = {}): number {
  return app.db().newQuery(sql).bind(params).execute().rowsAffected()
}
