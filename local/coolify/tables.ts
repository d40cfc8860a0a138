import type { Environment, Project, ServiceRow } from './records.ts'

/** Everything that survives a restart of the stand-in. */
export type Snapshot = { sequence: number; projects: Project[]; services: ServiceRow[] }

const uuidLength = 24
const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** The database: rows in the order of their ids, without transactions, as Coolify's API uses its own. */
export class Tables {
  readonly projects = new Map<string, Project>()
  readonly services = new Map<string, ServiceRow>()
  /** Counts changes, so that a watcher knows when to save. */
  revision = 0
  #sequence = 0
  readonly #random: () => number

  constructor(random: () => number) {
    this.#random = random
  }

  /** Database ids grow and are never used again. */
  id(): number {
    return ++this.#sequence
  }

  /** 24 characters of [a-z0-9], as Coolify's generator makes them; not an RFC 4122 uuid. */
  uuid(): string {
    let made = ''
    for (let i = 0; i < uuidLength; i++) made += alphabet.charAt(Math.floor(this.#random() * alphabet.length))
    return made
  }

  addProject(name: string, description: string | null): Project {
    const project: Project = { id: this.id(), uuid: this.uuid(), name, description, environments: [] }
    this.projects.set(project.uuid, project)
    this.addEnvironment(project, 'production')
    return project
  }

  addEnvironment(project: Project, name: string): Environment {
    const environment: Environment = { id: this.id(), uuid: this.uuid(), name }
    project.environments.push(environment)
    this.revision++
    return environment
  }

  /** By name first and then by uuid, as Coolify looks it up. */
  environment(project: Project, key: string): Environment | undefined {
    return project.environments.find(({ name }) => name === key)
      ?? project.environments.find(({ uuid }) => uuid === key)
  }

  inEnvironment(uuid: string): ServiceRow[] {
    return [...this.services.values()].filter(({ environment }) => environment === uuid)
  }

  inProject(uuid: string): ServiceRow[] {
    return [...this.services.values()].filter(({ project }) => project === uuid)
  }

  snapshot(): Snapshot {
    return { sequence: this.#sequence, projects: [...this.projects.values()], services: [...this.services.values()] }
  }

  restore({ sequence, projects, services }: Snapshot): void {
    this.#sequence = Math.max(this.#sequence, sequence)
    for (const project of projects) this.projects.set(project.uuid, project)
    for (const service of services) this.services.set(service.uuid, service)
  }
}
