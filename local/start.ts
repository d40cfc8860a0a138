// `npm start`: the control plane with everything around it that a laptop lacks.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Child } from './child.ts'
import { startLocalPlatform } from './coolify/index.ts'
import { type Demo, makeDemo } from './demo.ts'
import { withDotenv } from './dotenv.ts'
import { pocketbasePath, serverEnvironment, usesRealCoolify } from './environment.ts'
import { keysOf } from './keys.ts'
import { parseOptions, startHelp, type Options } from './options.ts'
import { type Call, serve, tail, untilReady, upsertSuperuser } from './pocketbase.ts'
import { choosePorts, type Ports } from './ports.ts'
import { rebuildAndRestart } from './rebuild.ts'
import { endOrphan, forgetRunning, noteRunning, refuseSecond } from './running.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const folder = join(root, 'local', '.data')
const file = (name: string): string => join(folder, name)
const parentLookMs = 1000
const ownerOnly = 0o600
/** What shells report for a program that Ctrl-C ended. */
const impatientCode = 130
const superuserEmail = 'admin@example.com'
const customerEmail = 'demo@example.com'
const operatorEmail = 'operator@example.com'

const started = Date.now()
const say = (text: string): void => {
  console.log(`  ${((Date.now() - started) / 1000).toFixed(1).padStart(5)} s  ${text}`)
}

/** What has to be ended, last one first. */
const toEnd: { what: string; end: () => Promise<void> | void }[] = []
let ending = false

async function main(options: Options): Promise<void> {
  refuseSecond(file('running.json'))
  // Whoever waits for the file must not read the addresses of the last time.
  rmSync(file('demo.json'), { force: true })
  await endOrphan(file('running.json'), say)
  if (options.fresh) {
    rmSync(folder, { recursive: true, force: true })
    say('local/.data is empty again')
  }
  mkdirSync(folder, { recursive: true })
  noteRunning(file('running.json'), 0, '')
  toEnd.push({ what: 'note', end: () => forgetRunning(file('running.json')) })
  const settings = withDotenv(join(root, '.env'), process.env)
  const local = !usesRealCoolify(settings)
  const keys = keysOf(file('keys.json'))
  const ports = await choosePorts(file('ports.json'), options.port, say)
  if (local) await startPlatform(ports, keys)
  const dataDir = join(folder, local ? 'pb_data' : recordsOf(settings))
  const catalogue = readFileSync(join(root, 'pb_hooks', 'catalogue.json'), 'utf8')
  const env = serverEnvironment(settings, keys, ports, local, catalogue)
  const call: Call = { binary: pocketbasePath(root), root, dataDir, logFile: file('pocketbase.log'), env }
  const superuser = { email: superuserEmail, password: keys.superuser_password }
  await firstSuperuser(call, superuser.password)
  await startServer(call, ports.portal, options.watch)
  const demo: Demo = {
    portal_url: `http://127.0.0.1:${ports.portal}/app/`, dashboard_url: `http://127.0.0.1:${ports.portal}/_/`,
    api_url: `http://127.0.0.1:${ports.portal}`,
    customer: { email: customerEmail, password: keys.customer_password },
    operator: { email: operatorEmail, password: keys.operator_password },
    superuser, coolify: { url: env['COOLIFY_URL'] ?? '', token: env['COOLIFY_TOKEN'] ?? '' },
  }
  const outcome = await makeDemo(demo.api_url, superuser, demo.customer, demo.operator)
  if (outcome === 'made') say('demo data made')
  if (outcome === 'locked out') {
    say(`the password of ${superuserEmail} was changed, so demo data are left as they are`)
  }
  writeFileSync(file('demo.json'), `${JSON.stringify(demo, null, 2)}\n`, { mode: ownerOnly })
  print(demo, local, env['BOTS_BASE_URL'] ?? '')
}

async function startPlatform(ports: Ports, keys: ReturnType<typeof keysOf>): Promise<void> {
  const platform = await startLocalPlatform({
    dataDir: file('coolify'), coolifyPort: ports.coolify, routerPort: ports.router,
    serverUuid: keys.server_uuid, token: keys.coolify_token,
  })
  toEnd.push({ what: 'the local platform', end: () => platform.close() })
  say('the local stand-in for Coolify is running')
}

/** Records of another Coolify are kept apart: its bots must not be looked for on this one. */
function recordsOf(settings: { [name: string]: string }): string {
  const place = `${settings['COOLIFY_URL']} ${settings['COOLIFY_SERVER_UUID']}`
  return `pb_data-${createHash('sha256').update(place).digest('hex').slice(0, 8)}`
}

/** Only once: doing it again would sign the superuser out everywhere. */
async function firstSuperuser(call: Call, password: string): Promise<void> {
  const mark = join(call.dataDir, '.superuser')
  if (existsSync(mark)) return
  say('making the database')
  await upsertSuperuser(call, superuserEmail, password)
  writeFileSync(mark, '')
}

/** PocketBase; if it ends by itself, so does everything. */
async function startServer(call: Call, port: number, watching: boolean): Promise<void> {
  const url = `http://127.0.0.1:${port}`
  const start = async (): Promise<Child> => {
    const child = serve(call, port)
    noteRunning(file('running.json'), child.pid, call.dataDir)
    try {
      await untilReady(child, url, say)
    } catch (error) {
      await child.stop()
      throw error
    }
    return child
  }
  let server = await start()
  const guard = (child: Child) => void child.ended.then((code) => {
    if (child.stopping || ending) return
    console.error(`PocketBase ended with code ${code}. Its last lines:\n${tail(child)}`)
    void end(code === 0 ? 1 : code)
  })
  guard(server)
  toEnd.push({ what: 'PocketBase', end: () => server.stop() })
  say('PocketBase is ready')
  if (!watching) return
  const rebuilder = rebuildAndRestart(root, async () => {
    await server.stop()
    server = await start()
    guard(server)
    say('PocketBase was restarted')
  }, (text) => console.log(`  ${text}`))
  toEnd.push({ what: 'the builder', end: () => rebuilder.close() })
}

function print(demo: Demo, local: boolean, botsUrl: string): void {
  const row = (what: string, ...rest: string[]) => console.log(`    ${what.padEnd(10)}  ${rest.join('   ')}`)
  console.log()
  row('Portal', demo.portal_url)
  row('customer', demo.customer.email.padEnd(20), demo.customer.password)
  row('operator', demo.operator.email.padEnd(20), demo.operator.password)
  row('Dashboard', demo.dashboard_url)
  row('superuser', demo.superuser.email.padEnd(20), demo.superuser.password)
  row('API', `${demo.api_url}/api/`)
  row('Coolify', demo.coolify.url, local ? '(the local stand-in)' : '')
  row('Bots', botsUrl.replace('://', '://<name>.'))
  console.log('\n  npm run example shows the life of a bot. Ctrl-C ends everything; local/.data keeps it.\n')
}

/** Ends what was started, last one first, and then this program. */
async function end(code: number): Promise<void> {
  if (ending) return
  ending = true
  for (const { what, end: finish } of toEnd.reverse()) {
    try {
      await finish()
    } catch (error) {
      console.error(`${what} did not end cleanly: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  process.exit(code)
}

function run(): void {
  let options: Options
  try {
    options = parseOptions(process.argv.slice(2))
  } catch (error) {
    console.error((error as Error).message)
    process.exit(2)
  }
  if (options.help) {
    console.log(startHelp)
    return
  }
  const bye = (signal: string) => {
    if (ending) process.exit(impatientCode)
    console.log(`\n  ${signal === 'SIGINT' ? 'Ctrl-C' : signal}: ending everything`)
    void end(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, bye)
  const parent = process.ppid
  // npm's shell does not pass a signal on; when it is gone, nobody is left to end us.
  if (process.env['npm_lifecycle_event'] !== undefined) {
    setInterval(() => { if (process.ppid !== parent) bye('npm has ended') }, parentLookMs).unref()
  }
  main(options).catch((error: Error) => {
    if (!ending) console.error(`\n  ${error.message}`)
    void end(1)
  })
}

run()
