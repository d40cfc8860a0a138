import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { RunnerService } from '../runner.ts'
import { environmentOf } from './main-part.ts'

/** What a bot gets from this machine beside its own variables. */
const inherited = ['PATH', 'LANG', 'SystemRoot']
const ownerOnly = 0o600

/**
 * One folder per service: `files` are written anew at every start, `volumes` stay until they are removed.
 * A path inside the container that is mounted is replaced in the environment by the real one.
 */
export class Folders {
  readonly #dataDir: string

  constructor(dataDir: string) {
    this.#dataDir = dataDir
  }

  /** Writes the files and makes the volumes. @returns the environment of the process */
  prepare(service: RunnerService): { [name: string]: string } {
    const home = join(this.#dataDir, safe(service.uuid))
    rmSync(join(home, 'files'), { recursive: true, force: true })
    const places = new Map<string, string>()
    for (const { name, target } of service.volumes) {
      places.set(target, join(home, 'volumes', safe(name)))
    }
    service.files.forEach((file, index) => {
      const place = join(home, 'files', String(index), safe(file.target.split('/').at(-1) ?? 'file'))
      mkdirSync(dirname(place), { recursive: true })
      writeFileSync(place, file.content, { mode: ownerOnly })
      places.set(file.target, place)
    })
    for (const { name } of service.volumes) mkdirSync(join(home, 'volumes', safe(name)), { recursive: true })
    mkdirSync(home, { recursive: true })
    const own = { ...service.variables, ...environmentOf(service) }
    return { ...inheritedOf(process.env), HOME: home, ...placed(own, places) }
  }

  remove(uuid: string, volumes: boolean): void {
    const home = join(this.#dataDir, safe(uuid))
    rmSync(volumes ? home : join(home, 'files'), { recursive: true, force: true })
  }
}

/** Names come from documents of strangers; none may lead out of the folder. */
const safe = (name: string): string => name.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^\.+/, '_')

function inheritedOf(env: NodeJS.ProcessEnv): { [name: string]: string } {
  return Object.fromEntries(inherited.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])))
}

function placed(env: { [name: string]: string }, places: Map<string, string>): { [name: string]: string } {
  const whole = [...places].sort(([one], [other]) => other.length - one.length)
  return Object.fromEntries(Object.entries(env).map(([name, value]) => {
    const found = whole.find(([target]) => value === target || value.startsWith(`${target}/`))
    return [name, found === undefined ? value : found[1] + value.slice(found[0].length)]
  }))
}
