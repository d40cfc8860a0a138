import { readFileSync } from 'node:fs'
import { startPlatform } from '../support/platform.ts'
import { until } from '../support/pocketbase.ts'
import { ms, quantile, type Row } from './figures.ts'
import { bench } from './writes.ts'

const samples = 40
const idleSecondsMeasured = 15

/** From the answer of a create to the first call that reaches the platform, on an idle server. */
export async function reaction(): Promise<Row[]> {
  const platform = await startPlatform()
  const { server, owner, version, tenant, admin } = await bench(platform.env, true)
  const delays: number[] = []
  let calls = 0
  for (let index = 0; index < samples; index++) {
    const before = platform.coolify.journal.length
    const bot = await owner.collection('bot_instances').create({ tenant: tenant.id, name: `Bot ${index}`, template_version: version, answers: {}, memory_mib: 256 })
    const answered = Date.now()
    const first = await until('the first call', async () => platform.coolify.journal.slice(before).find((entry) => !entry.path.endsWith('/resources')))
    delays.push(Math.max(0, first.at - answered))
    await until('running', async () => (await admin.collection('bot_instances').getOne(bot.id))['status'] === 'running')
    if (index > 0) calls += platform.coolify.journal.slice(before).filter((entry) => entry.path.includes('/services') || entry.path.includes('/projects')).length
    await owner.collection('bot_instances').delete(bot.id)
    await until('gone', () => admin.collection('bot_instances').getOne(bot.id).then(() => false, () => true))
  }
  await server.stop()
  await platform.close()
  const each = calls / (samples - 1)
  return [
    { what: 'record written -> first platform call, idle', figures: `p50 ${ms(quantile(delays, 0.5))}, p95 ${ms(quantile(delays, 0.95))}`, target: 'p95 <= 100 ms', met: quantile(delays, 0.95) <= 100 },
    { what: 'platform calls per deployed bot (sweeps are shared)', figures: each.toFixed(1), target: '<= 6', met: each <= 6 },
  ]
}

/** Processor seconds of a process so far, from the kernel (Linux only). */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** What the six lanes cost while nothing is due. */
export async function idle(): Promise<Row[]> {
  const { server } = await bench({}, true)
  await new Promise((done) => setTimeout(done, 3000))
  const before = cpuSeconds(server.pid)
  await new Promise((done) => setTimeout(done, idleSecondsMeasured * 1000))
  const share = (cpuSeconds(server.pid) - before) / idleSecondsMeasured
  await server.stop()
  return [{ what: 'cost of the idle work loop', figures: `${(share * 100).toFixed(2)} % of a core over ${idleSecondsMeasured} s`, target: '<= 1 %', met: share <= 0.01 }]
}

/** From listening to the first turn after a restart: the sweep that is due at boot reaches the platform. */
export async function firstTurn(): Promise<Row[]> {
  const platform = await startPlatform()
  const { server } = await bench(platform.env, true)
  const delays: number[] = []
  for (let round = 0; round < 5; round++) {
    await server.kill('SIGKILL')
    const before = platform.coolify.journal.length
    const listening = await server.startAndTime()
    const first = await until('a call', async () => platform.coolify.journal[before])
    delays.push(Math.max(0, first.at - listening))
  }
  await server.stop()
  await platform.close()
  const worst = Math.max(...delays)
  return [{ what: 'listening -> first work turn after a restart', figures: `p50 ${ms(quantile(delays, 0.5))}, max ${ms(worst)} of ${delays.length}`, target: '<= 500 ms', met: worst <= 500 }]
}
