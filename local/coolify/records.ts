/** The rows of the stand-in's database, as far as the API shows or changes them. All of it is plain JSON. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
/** A compose document; only `services` is looked into. */
export type ComposeDocument = { [key: string]: Json }

export type Environment = { id: number; uuid: string; name: string }

export type Project = {
  id: number
  uuid: string
  name: string
  description: string | null
  environments: Environment[]
}

export type Variable = {
  uuid: string
  key: string
  value: string | null
  literal: boolean
  multiline: boolean
  shownOnce: boolean
  comment: string | null
}

/** One compose service. `status` is what the last push or stop wrote, never what is true now. */
export type Application = {
  id: number
  uuid: string
  name: string
  image: string
  fqdn: string | null
  status: string
  excluded: boolean
  onlineAt: string
}

/** A file that Coolify writes beside the compose document; its key is (service, target). */
export type FileMount = { service: string; source: string; target: string; content: string }

/** A named volume; `name` is the one on the host. */
export type VolumeMount = { name: string; service: string; target: string }

/** `running` = a `compose up` is under way (or its worker died); it makes the status `starting:unhealthy`. */
export type Activity = 'none' | 'running' | 'finished' | 'cancelled'

export type ServiceRow = {
  id: number
  uuid: string
  name: string
  description: string | null
  project: string
  environment: string
  server: string
  createdAt: string
  updatedAt: string
  /** Null after a compose document that could not be parsed: such a row has no applications. */
  document: ComposeDocument | null
  raw: string
  connected: boolean
  labelEscape: boolean
  applications: Application[]
  variables: Variable[]
  files: FileMount[]
  volumes: VolumeMount[]
  activity: Activity
  /** The last job that ran brought it up; such services are started again with the platform. */
  up: boolean
}
