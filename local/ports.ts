import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'

/** Where the three servers listen, all on loopback. */
export type Ports = { portal: number; router: number; coolify: number }

export const defaultPorts: Ports = { portal: 8090, router: 8100, coolify: 8110 }

const host = '127.0.0.1'
const triesMax = 200
const portMax = 65_535
const connectMsMax = 500

/**
 * Ports for this start: those of the last one (so that addresses stay), else the usual ones, and the next
 * free one for each that is taken. The choice is written to `file`.
 * @param file local/.data/ports.json
 * @param wish a portal port given by hand
 * @param say called with one sentence per replaced port
 */
export async function choosePorts(
  file: string, wish: number | null, say: (text: string) => void,
): Promise<Ports> {
  const before = { ...defaultPorts, ...remembered(file) }
  const wanted = wish === null ? before : { ...before, portal: wish }
  const chosen = { ...wanted }
  const used = new Set<number>()
  for (const name of ['portal', 'router', 'coolify'] as const) {
    chosen[name] = await freePort(wanted[name], used)
    used.add(chosen[name])
    if (chosen[name] === wanted[name]) continue
    say(`port ${wanted[name]} (${name}) is taken, ${chosen[name]} is used instead`)
  }
  writeFileSync(file, `${JSON.stringify(chosen)}\n`)
  return chosen
}

/** The first port from `wanted` on that nobody listens on and that is not in `used`. */
export async function freePort(wanted: number, used: ReadonlySet<number> = new Set()): Promise<number> {
  for (let port = wanted; port <= Math.min(wanted + triesMax, portMax); port++) {
    if (!used.has(port) && !(await answers(port)) && (await canListen(port))) return port
  }
  throw new Error(`no free port between ${wanted} and ${wanted + triesMax}`)
}

function remembered(file: string): Partial<Ports> {
  if (!existsSync(file)) return {}
  try {
    const found = JSON.parse(readFileSync(file, 'utf8')) as { [name: string]: unknown }
    const valid = Object.entries(found).filter(([name, port]) => {
      return name in defaultPorts && Number.isInteger(port) && Number(port) > 0 && Number(port) <= portMax
    })
    return Object.fromEntries(valid)
  } catch {
    return {}
  }
}

/** On some systems one may listen on 127.0.0.1 beside a program that listens everywhere, so ask first. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: connectMsMax })
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => end(true)).once('error', () => end(false)).once('timeout', () => end(true))
  })
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, host, () => server.close(() => resolve(true)))
  })
}
