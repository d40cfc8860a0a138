import type { Size } from './bot.ts'

/** A server as placement sees it. `committed` is the sum over all bots placed there, deleting ones included. */
export type ServerRoom = {
  id: string
  enabled: boolean
  maintenance: boolean
  /** The tenant whose own server this is; empty = shared. */
  pool: string
  capacity: Size
  reserved: Size
  committed: Size
  /** CPU may be promised this many times over; memory and disk never. */
  overcommitCpu: number
}

/** What is left on a server for new bots. */
export function freeRoom(server: ServerRoom): Size {
  const { capacity, reserved, committed } = server
  return {
    cpuMilli: Math.floor((capacity.cpuMilli - reserved.cpuMilli) * Math.max(1, server.overcommitCpu)) - committed.cpuMilli,
    memoryMib: capacity.memoryMib - reserved.memoryMib - committed.memoryMib,
    diskMib: capacity.diskMib - reserved.diskMib - committed.diskMib,
  }
}

/** Could this server hold the size if it were empty? No bot gets more CPU than the machine really has. */
export function couldHold(server: ServerRoom, size: Size): boolean {
  const { capacity, reserved } = server
  return size.cpuMilli <= capacity.cpuMilli - reserved.cpuMilli
    && size.memoryMib <= capacity.memoryMib - reserved.memoryMib
    && size.diskMib <= capacity.diskMib - reserved.diskMib
}

const fits = (free: Size, size: Size): boolean =>
  size.cpuMilli <= free.cpuMilli && size.memoryMib <= free.memoryMib && size.diskMib <= free.diskMib

const open = (server: ServerRoom, tenant: string): boolean =>
  server.enabled && (server.pool === '' || server.pool === tenant)

/**
 * Chooses a server: filter, then the tenant's own before shared ones, then best fit by memory (the
 * scarcest), then by id so that equal input gives equal output.
 * @returns the server's id; `wait` when one could hold it but none has room now; `never` when none could
 */
export function choose(servers: readonly ServerRoom[], tenant: string, size: Size): { server: string } | 'wait' | 'never' {
  const candidates = servers.filter((server) => open(server, tenant) && couldHold(server, size))
  if (candidates.length === 0) return 'never'
  const roomy = candidates.filter((server) => !server.maintenance && fits(freeRoom(server), size))
  const best = roomy.sort((one, other) => rank(one, other))[0]
  return best === undefined ? 'wait' : { server: best.id }
}

function rank(one: ServerRoom, other: ServerRoom): number {
  if ((one.pool === '') !== (other.pool === '')) return one.pool === '' ? 1 : -1
  const left = freeRoom(one).memoryMib - freeRoom(other).memoryMib
  return left !== 0 ? left : one.id < other.id ? -1 : 1
}

/** Does a bot that lives on this server still fit there with its new size? Its own share is not in `committed`. */
export function fitsInPlace(server: ServerRoom, size: Size): boolean {
  return couldHold(server, size) && fits(freeRoom(server), size)
}
