// `npm run example`: the life of a bot, by a client that knows only the PocketBase SDK and the records.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EventSource } from 'eventsource'
import PocketBase, { ClientResponseError } from 'pocketbase'
import type { Demo } from './demo.ts'
import { visit } from './visit.ts'
import { type BotRecord, WatchedBot } from './watched-bot.ts'

const help = `npm run example [-- --keep] [-- --help]
Signs in as the demo customer of a running "npm start", writes an echo bot and takes it through its life:
create, open, stop, start, restart, redeploy, change an answer, replace a secret, resize, rename, delete.
Prints every phase with its time.  --keep leaves the bot at the end.`

const demoFile = join(dirname(fileURLToPath(import.meta.url)), '..', '.data', 'demo.json')
const stepMsMax = 120_000
const pageMsMax = 15_000
const pageLookMs = 200

const started = Date.now()
const since = (from: number): string => `${((Date.now() - from) / 1000).toFixed(2)} s`
const say = (text: string): void => console.log(`  ${since(started).padStart(8)}  ${text}`)

async function main(keep: boolean): Promise<void> {
  if (!existsSync(demoFile)) {
    throw new Error('local/.data/demo.json is missing: run "npm start" in another terminal first.')
  }
  const demo = JSON.parse(readFileSync(demoFile, 'utf8')) as Demo
  // Node has no EventSource of its own before version 22, and the SDK's realtime needs one.
  globalThis.EventSource = EventSource as unknown as typeof globalThis.EventSource
  const pb = new PocketBase(demo.api_url)
  pb.autoCancellation(false)
  await pb.collection('users').authWithPassword(demo.customer.email, demo.customer.password)
  say(`signed in as ${demo.customer.email}`)
  const bot = await pb.collection('bot_instances').create<BotRecord>({
    name: `Example ${new Date().toISOString().slice(11, 19)}`, template_version: await echoVersion(pb),
    answers: { GREETING: 'Hallo' }, secrets: { API_KEY: 'example-key-1' },
    cpu_milli: 250, memory_mib: 256, disk_mib: 256, desired_state: 'running',
  })
  say(`wrote the record ${bot.id}: ${bot.url}`)
  const watched = await WatchedBot.open(pb, bot, ({ status, status_reason: reason }) => {
    say(`  ${status}${reason === '' ? '' : ` (${reason})`}`)
  })
  try {
    await live(pb, watched)
    if (keep) say(`kept: ${watched.bot.url}`)
    else await remove(pb, watched)
  } finally {
    await watched.close()
  }
  console.log(`\n  all done in ${since(started)}`)
}

/** The newest published version of the echo bot. */
async function echoVersion(pb: PocketBase): Promise<string> {
  const found = await pb.collection('bot_template_versions').getList(1, 1, {
    filter: 'template.slug = "echo" && published = true', sort: '-version',
  })
  const version = found.items[0]
  if (version === undefined) throw new Error('the catalogue offers no echo bot: is its version published?')
  return version.id
}

const settled = (status: string) => (bot: BotRecord): boolean => {
  return bot.status === status && bot.observed_generation === bot.generation
}

async function live(pb: PocketBase, watched: WatchedBot): Promise<void> {
  const nothing = async (): Promise<void> => {}
  const change = async (what: string, fields: object, status: string, then = nothing) => {
    const from = Date.now()
    const send = { headers: { 'If-Match': String(watched.bot.revision) } }
    watched.take(await pb.collection('bot_instances').update<BotRecord>(watched.bot.id, fields, send))
    await watched.until(status, stepMsMax, settled(status))
    await then()
    say(`${what}: ${since(from)}`)
  }
  const echoes = (greeting: string) => () => echoed(watched.bot.url, greeting)
  await watched.until('running', stepMsMax, settled('running'))
  await echoes('Hallo')()
  say(`created, and it answers at its address: ${since(started)}`)
  await showLogs(pb, watched.bot.id)
  await change('stopped', { desired_state: 'stopped' }, 'stopped', () => silent(watched.bot.url))
  await change('started', { desired_state: 'running' }, 'running', echoes('Hallo'))
  await change('restarted', { action: 'restart' }, 'running', echoes('Hallo'))
  await change('redeployed', { action: 'redeploy' }, 'running', echoes('Hallo'))
  await change('an answer changed', { answers: { GREETING: 'Guten Tag' } }, 'running', echoes('Guten Tag'))
  await change('a secret replaced', { secrets: { API_KEY: 'example-key-2' } }, 'running', echoes('Guten Tag'))
  await change('resized', { cpu_milli: 500, memory_mib: 512 }, 'running', echoes('Guten Tag'))
  await change('renamed', { name: `${watched.bot.name}, renamed` }, 'running', echoes('Guten Tag'))
}

/** The page must become right within seconds: the platform's word "running" may come before or after. */
async function echoed(url: string, greeting: string): Promise<void> {
  await soon(async () => {
    const { status, text } = await visit(`${url}/echo`, { text: 'da bin ich' })
    const right = status === 200 && text.includes(greeting) && text.includes('da bin ich')
    return right ? '' : `${url}/echo answered ${status} ${text.slice(0, 120)}`
  })
}

async function silent(url: string): Promise<void> {
  await soon(async () => {
    const { status } = await visit(url)
    return status >= 500 ? '' : `${url} still answers ${status}`
  })
}

/** @param look '' when all is well, else what is wrong */
async function soon(look: () => Promise<string>): Promise<void> {
  const until = Date.now() + pageMsMax
  let wrong = await look()
  while (wrong !== '' && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, pageLookMs))
    wrong = await look()
  }
  if (wrong !== '') throw new Error(wrong)
}

type Logs = { lines: string[]; state: string; reason: string }

async function showLogs(pb: PocketBase, id: string): Promise<void> {
  let logs: Logs = { lines: [], state: 'waiting', reason: '' }
  await soon(async () => {
    logs = await pb.send<Logs>(`/api/bots/${id}/logs`, { method: 'GET' })
    return logs.lines.length > 0 ? '' : `the bot's log is ${logs.state} ${logs.reason}`
  })
  say(`the bot's log has ${logs.lines.length} lines; the last: ${logs.lines.at(-1)?.slice(0, 90)}`)
}

async function remove(pb: PocketBase, watched: WatchedBot): Promise<void> {
  const from = Date.now()
  const { id, url } = watched.bot
  await pb.collection('bot_instances').delete(id)
  await watched.until('gone', stepMsMax, (_bot, gone) => gone)
  await soon(async () => {
    const { status } = await visit(url)
    return status === 404 || status >= 500 ? '' : `${url} still answers ${status}`
  })
  say(`deleted, record and address are gone: ${since(from)}`)
}

/** PocketBase names the fields that were wrong; so do we. */
function sentence(error: unknown): string {
  if (!(error instanceof ClientResponseError)) return error instanceof Error ? error.message : String(error)
  if (error.status === 0) return 'the API does not answer: is "npm start" running?'
  const fields = Object.entries((error.response['data'] ?? {}) as { [name: string]: { message?: string } })
  const lines = fields.map(([name, { message }]) => `\n    ${name}: ${message}`)
  return `the API answered ${error.status}: ${error.message}${lines.join('')}`
}

const args = process.argv.slice(2)
const unknown = args.find((arg) => arg !== '--keep' && arg !== '--help')
if (unknown !== undefined) {
  console.error(`unknown option ${unknown}; --help shows what there is.`)
  process.exit(2)
}
if (args.includes('--help')) {
  console.log(help)
} else {
  main(args.includes('--keep')).then(() => process.exit(0), (error: unknown) => {
    console.error(`\n  it went wrong: ${sentence(error)}`)
    process.exit(1)
  })
}
