import type { Answer, Exchange } from './answer.ts'
import type { Project, ServiceRow } from './records.ts'
import type { Queue } from './queue.ts'
import type { Runner } from './runner.ts'
import type { Sentinel } from './sentinel.ts'
import type { Tables } from './tables.ts'
import { said } from './answer.ts'

export type Server = { id: number; uuid: string; name: string; ip: string }

/** What the routes work with. */
export type Inside = {
  tables: Tables
  servers: Server[]
  queue: Queue
  runner: Runner
  sentinel: Sentinel
  version: string
  now: () => number
}

export type Call = {
  exchange: Exchange
  /** The variable parts of the path, decoded. */
  params: string[]
  /** The token may read secrets: documents and values of variables are shown. */
  sees: boolean
}

export type Ability = 'read' | 'write' | 'deploy'
export type Handler = (inside: Inside, call: Call) => Answer

/** `ability` null = open to everybody. A `*` in the path is one variable part. */
export type Route = { method: string; path: string; ability: Ability | null; run: Handler }

type InService = (inside: Inside, call: Call, row: ServiceRow) => Answer
type InProject = (inside: Inside, call: Call, project: Project) => Answer

/** Looks up the service that the first part of the path names. */
export function inService(run: InService): Handler {
  return (inside, call) => {
    const row = inside.tables.services.get(call.params[0] ?? '')
    return row === undefined ? said(404, 'Service not found.') : run(inside, call, row)
  }
}

export function inProject(run: InProject): Handler {
  return (inside, call) => {
    const project = inside.tables.projects.get(call.params[0] ?? '')
    return project === undefined ? said(404, 'Project not found.') : run(inside, call, project)
  }
}

/** Laravel's reading of a flag in a query. */
export function flag(value: string | undefined, otherwise: boolean): boolean {
  if (value === undefined || value === '') return otherwise
  return ['1', 'true', 'on', 'yes'].includes(value.toLowerCase())
}
