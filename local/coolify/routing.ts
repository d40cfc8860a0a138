import type { Route } from './inside.ts'
import { lifecycleRoutes } from './routes/lifecycle.ts'
import { projectRoutes } from './routes/projects.ts'
import { serverRoutes } from './routes/servers.ts'
import { serviceRoutes } from './routes/services.ts'
import { variableRoutes } from './routes/variables.ts'

const prefix = '/api/v1'

type Compiled = { route: Route; parts: string[] }

/** By number of parts, in the order of the lists: a fixed word stands before the `*` that would take it, too. */
const compiled = new Map<number, Compiled[]>()
for (const route of [...serverRoutes, ...projectRoutes, ...serviceRoutes, ...variableRoutes, ...lifecycleRoutes]) {
  const parts = route.path.split('/').slice(1)
  compiled.set(parts.length, [...(compiled.get(parts.length) ?? []), { route, parts }])
}

/** The route of a request and the variable parts of its path; null when Coolify has none. */
export function routeOf(method: string, path: string): { route: Route; params: string[] } | null {
  if (!path.startsWith(`${prefix}/`)) return null
  const given = path.slice(prefix.length + 1).replace(/\/$/, '').split('/')
  for (const { route, parts } of compiled.get(given.length) ?? []) {
    if (route.method !== method || !parts.every((part, index) => part === '*' || part === given[index])) continue
    return { route, params: given.filter((_, index) => parts[index] === '*').map(unescaped) }
  }
  return null
}

function unescaped(part: string): string {
  if (!part.includes('%')) return part
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
