import type { Answer } from '../answer.ts'
import type { Handler, Route } from '../inside.ts'
import type { Environment, Project } from '../records.ts'
import { bodyOf, invalid, isAnswer, json, said } from '../answer.ts'
import { inProject } from '../inside.ts'
import { shownProject, shownService } from '../shown.ts'

/** Coolify's rule for names (Support/ValidationPatterns). */
const nameShape = /^[\p{L}\p{N} \-_.@/&()#,:+]{3,255}$/u

const list: Handler = ({ tables }) => json(200, [...tables.projects.values()].map(shownProject))

const create: Handler = ({ tables }, { exchange }) => {
  const body = bodyOf(exchange, ['name', 'description'])
  if (isAnswer(body)) return body
  const { name, description } = body
  if (typeof name !== 'string' || !nameShape.test(name)) return invalid({ name: ['The name format is invalid.'] })
  const project = tables.addProject(name, typeof description === 'string' ? description : null)
  return json(201, { uuid: project.uuid })
}

const get = inProject((_, __, project) => json(200, {
  ...(shownProject(project) as object), environments: project.environments.map(shownEnvironment(project)),
}))

const change = inProject(({ tables }, { exchange }, project) => {
  const body = bodyOf(exchange, ['name', 'description'])
  if (isAnswer(body)) return body
  const { name, description } = body
  if (name !== undefined && (typeof name !== 'string' || !nameShape.test(name)))
    return invalid({ name: ['The name format is invalid.'] })
  if (typeof name === 'string') project.name = name
  if (typeof description === 'string') project.description = description
  tables.revision++
  return json(201, { uuid: project.uuid, name: project.name, description: project.description })
})

const remove = inProject(({ tables }, _, project) => {
  if (tables.inProject(project.uuid).length > 0) return said(400, 'Project has resources, so it cannot be deleted.')
  tables.projects.delete(project.uuid)
  tables.revision++
  return said(200, 'Project deleted.')
})

const environments = inProject((_, __, project) =>
  json(200, project.environments.map(shownEnvironment(project))))

/** The name is unique per project in the database: the one lock that the API offers. */
const createEnvironment = inProject(({ tables }, { exchange }, project) => {
  const body = bodyOf(exchange, ['name'])
  if (isAnswer(body)) return body
  const { name } = body
  if (typeof name !== 'string' || !nameShape.test(name)) return invalid({ name: ['The name format is invalid.'] })
  if (project.environments.some((environment) => environment.name === name))
    return said(409, 'Environment with this name already exists.')
  return json(201, { uuid: tables.addEnvironment(project, name).uuid })
})

const getEnvironment = inProject((inside, { params, sees }, project) => {
  const environment = inside.tables.environment(project, params[1] ?? '')
  if (environment === undefined) return noEnvironment()
  const services = inside.tables.inEnvironment(environment.uuid).map((row) => shownService(row, inside, sees))
  return json(200, { ...shownEnvironment(project)(environment), applications: [], services })
})

const removeEnvironment = inProject(({ tables }, { params }, project) => {
  const environment = tables.environment(project, params[1] ?? '')
  if (environment === undefined) return noEnvironment()
  if (tables.inEnvironment(environment.uuid).length > 0)
    return said(400, 'Environment has resources, so it cannot be deleted.')
  project.environments.splice(project.environments.indexOf(environment), 1)
  tables.revision++
  return said(200, 'Environment deleted.')
})

const noEnvironment = (): Answer => said(404, 'Environment not found.')

const shownEnvironment = (project: Project) => ({ id, uuid, name }: Environment) =>
  ({ id, uuid, name, project_id: project.id, description: null })

export const projectRoutes: Route[] = [
  { method: 'GET', path: '/projects', ability: 'read', run: list },
  { method: 'POST', path: '/projects', ability: 'write', run: create },
  { method: 'GET', path: '/projects/*', ability: 'read', run: get },
  { method: 'PATCH', path: '/projects/*', ability: 'write', run: change },
  { method: 'DELETE', path: '/projects/*', ability: 'write', run: remove },
  { method: 'GET', path: '/projects/*/environments', ability: 'read', run: environments },
  { method: 'POST', path: '/projects/*/environments', ability: 'write', run: createEnvironment },
  { method: 'DELETE', path: '/projects/*/environments/*', ability: 'write', run: removeEnvironment },
  { method: 'GET', path: '/projects/*/*', ability: 'read', run: getEnvironment },
]
