import type { Answer } from '../answer.ts'
import type { Inside, Route } from '../inside.ts'
import type { ServiceRow, Variable } from '../records.ts'
import { bodyOf, invalid, isAnswer, json, said } from '../answer.ts'
import { inService } from '../inside.ts'
import { shownVariable } from '../shown.ts'

type Fields = Record<string, unknown>

const fields = ['key', 'value', 'is_preview', 'is_literal', 'is_multiline', 'is_shown_once', 'comment']
const keyShape = /^[A-Za-z_][A-Za-z0-9_.]{0,254}$/

const list = inService((_, { sees }, row) => json(200, row.variables.map((variable) => shownVariable(variable, sees))))

const create = inService((inside, { exchange, sees }, row) => {
  const body = bodyOf(exchange, fields)
  if (isAnswer(body)) return body
  const fault = keyFault(body)
  if (fault !== null) return fault
  if (row.variables.some(({ key }) => key === body['key']))
    return said(409, 'Environment variable already exists. Use PATCH request to update it.')
  return json(201, shownVariable(write(inside, row, body), sees))
})

const update = inService((inside, { exchange, sees }, row) => {
  const body = bodyOf(exchange, fields)
  if (isAnswer(body)) return body
  const fault = keyFault(body)
  if (fault !== null) return fault
  if (!row.variables.some(({ key }) => key === body['key'])) return said(404, 'Environment variable not found.')
  return json(201, shownVariable(write(inside, row, body), sees))
})

/** One by one, without a transaction: those before a refused one are written. Nothing is ever deleted. */
const bulk = inService((inside, { exchange, sees }, row) => {
  const body = bodyOf(exchange, ['data'])
  if (isAnswer(body)) return body
  const { data } = body
  if (!Array.isArray(data) || data.length === 0) return said(400, 'Bulk data is required.')
  const written: Variable[] = []
  for (const entry of data as unknown[]) {
    const given = (typeof entry === 'object' && entry !== null ? entry : {}) as Fields
    const fault = keyFault(given)
    if (fault !== null) return fault
    written.push(write(inside, row, given))
  }
  return json(201, written.map((variable) => shownVariable(variable, sees)))
})

const remove = inService(({ tables }, { params }, row) => {
  const at = row.variables.findIndex(({ uuid }) => uuid === params[1])
  if (at < 0) return said(404, 'Environment variable not found.')
  row.variables.splice(at, 1)
  tables.revision++
  return said(200, 'Environment variable deleted.')
})

function keyFault({ key }: Fields): Answer | null {
  return typeof key === 'string' && keyShape.test(key) ? null : invalid({ key: ['The key format is invalid.'] })
}

/** A value that is not given becomes null, also in an update. */
function write({ tables }: Inside, row: ServiceRow, given: Fields): Variable {
  const key = String(given['key'])
  let variable = row.variables.find((candidate) => candidate.key === key)
  if (variable === undefined) {
    variable = {
      uuid: tables.uuid(), key, value: null, literal: false, multiline: false, shownOnce: false, comment: null,
    }
    row.variables.push(variable)
  }
  const { value, comment } = given
  variable.value = value === undefined || value === null ? null : String(value).trim()
  if (given['is_literal'] !== undefined) variable.literal = given['is_literal'] === true
  if (given['is_multiline'] !== undefined) variable.multiline = given['is_multiline'] === true
  if (given['is_shown_once'] !== undefined) variable.shownOnce = given['is_shown_once'] === true
  if (typeof comment === 'string') variable.comment = comment
  tables.revision++
  return variable
}

export const variableRoutes: Route[] = [
  { method: 'GET', path: '/services/*/envs', ability: 'read', run: list },
  { method: 'POST', path: '/services/*/envs', ability: 'write', run: create },
  { method: 'PATCH', path: '/services/*/envs', ability: 'write', run: update },
  { method: 'PATCH', path: '/services/*/envs/bulk', ability: 'write', run: bulk },
  { method: 'DELETE', path: '/services/*/envs/*', ability: 'write', run: remove },
]
