import type { Bot } from '../../pb_hooks_src/fleet/bot.ts'
import type { Bots, FleetPorts, Held, Marks, Recorded, Sights, Spec } from '../../pb_hooks_src/fleet/store.ts'
import type { Platform, SeenService } from '../../pb_hooks_src/fleet/ports.ts'

/** A bot as the simulation stores it: what the real store keeps in columns, kept in fields. */
export type Stored = Bot & { project: string; home: string; composeHash: string; appliedKeys: string[]; lastSeenAt: number; version: number; variables: Record<string, string> }

export type Due = { due: number; revision: number }

/** The records, sights and queue of the fleet in memory, with the same rules as the SQL behind the doors. */
export class Memory {
  bots = new Map<string, Stored>()
  fleet = new Map<string, Due>()
  sweeps = new Map<string, Due>()
  finalised: string[] = []
  sights = new Map<string, { sweptAt: number; services: Map<string, SeenService> }>()
  projects = new Map<string, string>()
  /** Servers and how many more bots each takes. */
  room = new Map<string, number>()

  constructor(readonly clock: { now: number }, readonly platform: Platform, readonly random: () => number) {}

  ports(): FleetPorts {
    return {
      bots: this.botsPort(), sights: this.sightsPort(), platform: () => this.platform,
      now: () => this.clock.now, random: this.random, startsInFlightMax: 2,
    }
  }

  wake(id: string): void {
    const known = this.fleet.get(id)
    this.fleet.set(id, { due: this.clock.now, revision: (known?.revision ?? 0) + 1 })
  }

  specOf(bot: Stored): Spec {
    const compose = JSON.stringify({
      services: {
        bot: {
          image: `registry.example/echo:1@sha256:${'a'.repeat(64)}`, environment: { VERSION: String(bot.version) },
          labels: { 'de.cloudfreedom.bot': bot.id }, volumes: [{ type: 'volume', source: 'state', target: '/data' }],
        },
      },
      volumes: { state: {} },
    })
    const urls = [{ name: 'bot', url: `http://${bot.id}.bots.localhost:8080` }]
    return { compose, variables: bot.variables, urls, hash: `hash-${bot.id}-${bot.version}-${Object.keys(bot.variables).join('.')}` }
  }

  private botsPort(): Bots {
    return {
      read: (id) => this.read(id),
      place: (id) => this.place(id),
      mark: (id, marks) => this.mark(id, marks),
      claimStart: (held, marks, max, now) => this.claimStart(held, marks, max, now),
      keepProject: (tenant, _connection, project) => {
        const known = this.projects.get(tenant) ?? ''
        if (known === '' || project === '') this.projects.set(tenant, project)
        return this.projects.get(tenant) ?? ''
      },
      record: (id, recorded) => this.record(id, recorded),
      finalise: (id) => { this.bots.delete(id); this.finalised.push(id) },
    }
  }

  private read(id: string): Held | null {
    const stored = this.bots.get(id)
    if (stored === undefined) return null
    const idle = stored.suspended || stored.desired !== 'running' || stored.server === ''
    const spec = idle ? null : this.specOf(stored)
    return {
      bot: { ...stored, wantedHash: spec?.hash ?? '' }, spec, trouble: null, connection: 'default', platformServer: stored.server,
      project: this.projects.get(stored.tenant) ?? '', home: stored.home, composeHash: stored.composeHash, appliedKeys: stored.appliedKeys, lastSeenAt: stored.lastSeenAt,
    }
  }

  private place(id: string): boolean {
    const stored = this.bots.get(id)
    const spot = [...this.room].find(([, left]) => left > 0)
    if (stored === undefined || spot === undefined) return false
    stored.server = spot[0]
    this.room.set(spot[0], spot[1] - 1)
    return true
  }

  private mark(id: string, marks: Marks): void {
    const stored = this.bots.get(id)
    if (stored !== undefined) Object.assign(stored, marks)
  }

  private claimStart(held: Held, marks: Marks, max: number, now: number): boolean {
    const flying = [...this.bots.values()].filter((other) => {
      if (other.id === held.bot.id || (other.command !== 'start' && other.command !== 'restart') || other.commandAt < now - 660_000) return false
      const sight = this.sights.get(other.server)
      const seen = sight?.services.get(other.serviceUuid)
      return seen === undefined || (sight?.sweptAt ?? 0) <= other.commandAt || seen.state === 'starting'
    })
    if (flying.length >= max) return false
    this.mark(held.bot.id, marks)
    return true
  }

  private record(id: string, recorded: Recorded): void {
    const stored = this.bots.get(id)
    if (stored === undefined || stored.generation !== recorded.generation) return
    if (stored.phase !== recorded.status.phase) stored.phaseSince = recorded.at
    stored.phase = recorded.status.phase
    stored.reason = recorded.status.reason
    if (recorded.observed) stored.observedGeneration = recorded.generation
  }

  private sightsPort(): Sights {
    return {
      of: (server, uuid) => {
        const sight = this.sights.get(server)
        return { sweptAt: sight?.sweptAt ?? 0, service: sight?.services.get(uuid) ?? null }
      },
      want: (server, at) => {
        const due = this.sweeps.get(server)
        if (due !== undefined && due.due > at) due.due = at
      },
      keep: (server, startedAt, services) => this.keep(server, startedAt, services),
      miss: () => undefined,
      server: (id) => ({ platformServer: id, connection: 'default' }),
    }
  }

  private keep(server: string, startedAt: number, services: SeenService[]): number {
    const before = this.sights.get(server)?.services
    const after = new Map(services.map((service) => [service.uuid, service]))
    const restless = ['queued', 'provisioning', 'starting', 'updating', 'restarting', 'stopping', 'deleting']
    let moving = 0
    for (const bot of this.bots.values()) {
      if (bot.server !== server || bot.serviceUuid === '') continue
      const moves = restless.includes(bot.phase)
      if (moves) moving++
      if (moves || JSON.stringify(before?.get(bot.serviceUuid)) !== JSON.stringify(after.get(bot.serviceUuid))) this.wake(bot.id)
    }
    this.sights.set(server, { sweptAt: startedAt, services: after })
    return moving
  }
}
