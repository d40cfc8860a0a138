import type { Http } from '../../pb_hooks_src/doors/coolify/http.ts'
import { Coolify } from '../../local/coolify/coolify.ts'
import { Faults } from '../../local/coolify/faults.ts'
import { MemoryRunner } from '../../local/coolify/runner/memory.ts'
import { transport } from '../../local/coolify/transport.ts'
import { coolify } from '../../pb_hooks_src/doors/coolify/client.ts'
import { statusOnIntent, type IntentChange } from '../../pb_hooks_src/fleet/status.ts'
import { step } from '../../pb_hooks_src/fleet/step.ts'
import { sweep } from '../../pb_hooks_src/fleet/sweep.ts'
import { Memory, type Stored } from './memory.ts'

/** A small generator with a seed (mulberry32): the same seed gives the same history. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Thrown where the process would have been killed; the turn ends there and nothing after it happens. */
export class Killed extends Error {}

export type Operation =
  | { do: 'create'; bot: string; desired: 'running' | 'stopped' }
  | { do: 'start' | 'stop' | 'restart' | 'redeploy' | 'change' | 'rename' | 'delete'; bot: string }
  | { do: 'suspend' | 'resume'; tenant: string }
  | { do: 'handStop' | 'handDelete'; bot: string }
  | { do: 'wait'; ms: number }
  | { do: 'outage'; ms: number }

export const faultKinds = [
  'dropBefore', 'dropAfter', 'halfBody', 'garbage', 'status429', 'status500Before', 'status500After', 'status502', 'status503', 'staleList', 'emptyList', 'lateCommit',
] as const
type FaultKind = (typeof faultKinds)[number]

/** How much goes wrong: the share of calls with a fault, of which kinds, and of calls around which the process dies. */
export type Trouble = { faults: number; kinds: readonly FaultKind[]; killed: number }
export const calm: Trouble = { faults: 0, kinds: [], killed: 0 }

const token = 'simulation'
const servers = ['server0000000000000000aa', 'server0000000000000000bb']
export const tenants = ['ta', 'tb']

/** The real `step` and `sweep` over the real client against the stand-in's class, on one virtual clock. */
export class World {
  clock = { now: 1_800_000_000_000 }
  random: () => number
  coolify: Coolify
  memory: Memory
  runner: MemoryRunner
  faults: Faults
  trouble: Trouble
  violations: string[] = []
  turns = 0
  calls = 0
  foreign: string[] = []
  deleted = new Set<string>()
  handDeleted = new Set<string>()

  constructor(seed: number, trouble: Trouble) {
    this.random = seeded(seed)
    this.trouble = { ...trouble }
    const now = () => this.clock.now
    this.faults = new Faults(this.random)
    this.runner = new MemoryRunner({ now, startMs: 1500 })
    this.coolify = new Coolify({
      now, random: this.random, servers: servers.map((uuid) => ({ uuid, name: uuid })), statusLagMs: 4000, startMs: 1500,
      tokens: [{ token, abilities: ['read', 'read:sensitive', 'write', 'deploy'] }], runner: this.runner, faults: this.faults, rateLimitPerMinute: 100_000,
    })
    for (const kind of trouble.kinds) this.faults.set(kind, trouble.faults / trouble.kinds.length)
    const http = this.killing(transport(this.coolify, 'http://coolify.local'))
    this.memory = new Memory(this.clock, coolify({ url: 'http://coolify.local', token, timeoutSeconds: 20 }, http), this.random)
    for (const server of servers) {
      this.memory.room.set(server, 6)
      this.memory.sweeps.set(server, { due: this.clock.now, revision: 1 })
    }
    this.foreign = [this.coolify.plantForeign('customers-own-database'), this.coolify.plantForeign('bot-of-somebody')]
  }

  private killing(http: Http): Http {
    return (request) => {
      this.calls++
      if (this.random() < this.trouble.killed / 2) throw new Killed('before the call')
      const reply = http(request)
      if (reply.kind === 'lost') this.clock.now += 20_000
      if (this.random() < this.trouble.killed / 2) throw new Killed('after the call')
      return reply
    }
  }

  apply(operation: Operation): void {
    if (operation.do === 'wait') return this.run(operation.ms)
    if (operation.do === 'outage') return this.faults.outage(operation.ms)
    if ('tenant' in operation) return this.suspend(operation.tenant, operation.do === 'suspend')
    if (operation.do === 'create') return this.create(operation.bot, operation.desired)
    const stored = this.memory.bots.get(operation.bot)
    if (stored === undefined) return
    if (operation.do === 'handStop' || operation.do === 'handDelete') return this.byHand(stored, operation.do)
    if (stored.desired === 'deleted') return
    this.intend(stored, operation.do)
  }

  private byHand(stored: Stored, what: 'handStop' | 'handDelete'): void {
    const own = this.coolify.services().find((service) => service.name === `bot-${stored.id}`)
    if (own === undefined) return
    if (what === 'handStop') return this.coolify.handStop(own.uuid)
    this.coolify.handDelete(own.uuid)
    this.handDeleted.add(stored.id)
  }

  private create(id: string, desired: 'running' | 'stopped'): void {
    if (this.memory.bots.has(id) || this.deleted.has(id)) return
    const tenant = id.slice(0, 2)
    const stored: Stored = {
      id, tenant, name: id, desired, suspended: this.suspended.has(tenant), generation: 1, observedGeneration: 0, actionKind: '', actionGeneration: 0,
      phase: 'queued', reason: 'accepted', phaseSince: this.clock.now, server: '', hasVolumes: true, wantedHash: '', specHash: '', triedAt: 0, unsureAt: 0, home: '', composeHash: '', serviceUuid: '',
      command: '', commandAt: 0, commandAcked: false, commandHash: '', commandGeneration: 0, repeats: 0, misses: 0,
      cpuMilli: 500, memoryMib: 512, diskMib: 512, project: '', appliedKeys: [], lastSeenAt: 0, version: 1, variables: { API_KEY: `value-of-${id}` },
    }
    this.memory.bots.set(id, stored)
    this.note(stored, 'created')
  }

  private suspended = new Set<string>()

  private suspend(tenant: string, on: boolean): void {
    if (on) this.suspended.add(tenant)
    else this.suspended.delete(tenant)
    for (const stored of this.memory.bots.values()) {
      if (stored.tenant !== tenant) continue
      stored.suspended = on
      this.memory.wake(stored.id)
    }
  }

  private intend(stored: Stored, what: 'start' | 'stop' | 'restart' | 'redeploy' | 'change' | 'rename' | 'delete'): void {
    if (what === 'rename') return
    stored.generation++
    if (what === 'delete') {
      stored.desired = 'deleted'
      this.deleted.add(stored.id)
      return this.note(stored, 'state')
    }
    if (what === 'start' || what === 'stop') {
      stored.desired = what === 'start' ? 'running' : 'stopped'
      return this.note(stored, 'state')
    }
    if (what === 'change') {
      stored.version++
      stored.variables = stored.version % 3 === 0 ? {} : { API_KEY: `value-of-${stored.id}`, [`EXTRA_${stored.version}`]: 'x' }
      return this.note(stored, 'spec')
    }
    stored.actionKind = what
    stored.actionGeneration = stored.generation
    if (what === 'redeploy') this.handDeleted.delete(stored.id)
    this.note(stored, 'action')
  }

  private note(stored: Stored, change: IntentChange): void {
    const status = statusOnIntent(stored, change)
    Object.assign(stored, { phase: status.phase, reason: status.reason, phaseSince: this.clock.now, repeats: 0, misses: 0 })
    this.memory.wake(stored.id)
  }

  /** Lets virtual time pass, doing what is due, in random order among what is due together. */
  run(ms: number): void {
    const until = this.clock.now + ms
    let guard = 0
    while (guard++ < 200_000) {
      const next = this.nextDue()
      if (next === null || next.due > until) break
      this.clock.now = Math.max(this.clock.now, next.due)
      this.coolify.tick()
      this.turn(next)
      this.checkAlways()
    }
    this.clock.now = Math.max(this.clock.now, until)
    this.coolify.tick()
  }

  private nextDue(): { kind: 'fleet' | 'sweep'; key: string; due: number } | null {
    const all = [...this.memory.fleet].map(([key, { due }]) => ({ kind: 'fleet' as const, key, due }))
    const sweeps = [...this.memory.sweeps].map(([key, { due }]) => ({ kind: 'sweep' as const, key, due }))
    const first = [...all, ...sweeps].sort((one, other) => one.due - other.due)
    const ready = first.filter(({ due }) => due <= this.clock.now)
    return ready.length > 0 ? (ready[Math.floor(this.random() * ready.length)] ?? null) : (first[0] ?? null)
  }

  private turn(work: { kind: 'fleet' | 'sweep'; key: string }): void {
    this.turns++
    const queue = work.kind === 'fleet' ? this.memory.fleet : this.memory.sweeps
    const revision = queue.get(work.key)?.revision
    try {
      const turn = work.kind === 'fleet' ? step(this.memory.ports(), work.key, 1) : sweep(this.memory.ports(), work.key, 1)
      const entry = queue.get(work.key)
      if (entry === undefined || entry.revision !== revision) return
      if (turn.kind === 'done') queue.delete(work.key)
      else entry.due = turn.due
    } catch (error) {
      if (!(error instanceof Killed)) throw error
      const entry = queue.get(work.key)
      if (entry !== undefined) entry.due = this.clock.now + 300
    }
  }

  private checkAlways(): void {
    const live = new Map<string, number>()
    for (const service of this.coolify.services()) live.set(service.name, (live.get(service.name) ?? 0) + 1)
    for (const [name, count] of live) if (name.startsWith('bot-t') && count > 2) this.violations.push(`${count} services named ${name} at once`)
    for (const uuid of this.foreign) {
      if (!this.coolify.services().some((service) => service.uuid === uuid)) this.violations.push('a foreign service was touched')
    }
    for (const id of this.memory.finalised) if (this.memory.bots.has(id)) this.violations.push(`${id} came back after it was finalised`)
  }

  /** Faults end, time passes, and then the world must be as the records say. */
  quiesce(): string[] {
    this.trouble = calm
    this.faults.reset()
    for (const server of servers) this.memory.room.set(server, 20)
    this.run(45 * 60_000)
    for (const id of this.memory.bots.keys()) this.memory.wake(id)
    this.run(5 * 60_000)
    return [...this.violations, ...this.checkQuiet()]
  }

  private checkQuiet(): string[] {
    const wrong: string[] = []
    const services = this.coolify.services()
    for (const service of services) {
      const id = service.name.replace(/^bot-/, '')
      if (service.name.startsWith('bot-t') && !this.memory.bots.has(id)) wrong.push(`orphan ${service.name}`)
    }
    for (const bot of this.memory.bots.values()) wrong.push(...this.checkBot(bot, services.filter((service) => service.name === `bot-${bot.id}`)))
    return wrong
  }

  private checkBot(bot: Stored, own: { uuid: string; compose: string; envs: Record<string, string | null> }[]): string[] {
    const wrong: string[] = []
    const say = (text: string) => wrong.push(`${bot.id} (${bot.phase}/${bot.reason}): ${text}`)
    if (bot.desired === 'deleted') say('still there after its deletion')
    if (bot.observedGeneration !== bot.generation) say(`observed ${bot.observedGeneration} of generation ${bot.generation}`)
    if (own.length > 1) say(`${own.length} services`)
    const service = own[0]
    if (this.handDeleted.has(bot.id) && bot.reason === 'service_lost') return wrong
    const runs = service !== undefined && this.runner.state(service.uuid).state === 'running'
    const wanted = bot.desired === 'running' && !bot.suspended
    if (wanted && bot.phase !== 'running') say('should be running')
    if (wanted !== runs) say(wanted ? 'does not run' : 'runs although nobody wants it')
    if (!wanted && !['stopped', 'suspended', 'failed'].includes(bot.phase)) say('should be at rest')
    if (wanted && service !== undefined) {
      if (service.uuid !== bot.serviceUuid) say('another service is recorded')
      if (!service.compose.includes(`"VERSION":"${bot.version}"`) && !service.compose.includes(`VERSION: '${bot.version}'`) && !service.compose.includes(`VERSION: "${bot.version}"`)) say(`runs an old set-up, wanted version ${bot.version}`)
      if (JSON.stringify(Object.keys(service.envs).sort()) !== JSON.stringify(Object.keys(bot.variables).sort())) say(`has variables ${Object.keys(service.envs).join()}`)
    }
    return wrong
  }
}
