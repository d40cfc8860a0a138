import { describe, expect, test } from 'vitest'
import { Asking, base64, compose, seeded } from './asking.ts'

/** What the API shows at every step of time, without repeats. */
function sequence(asking: Asking, uuid: string, ms: number): string[] {
  const seen: string[] = []
  for (let passed = 0; passed <= ms; passed += 100) {
    const now = asking.status(uuid)
    if (seen.at(-1) !== now) seen.push(now)
    asking.pass(100)
  }
  return seen
}

const roomy = { rateLimitPerMinute: 100_000 }
const post = (asking: Asking, uuid: string, verb: string): number => asking.ask('POST', `/services/${uuid}/${verb}`).status

function running(asking: Asking): string {
  const uuid = asking.service('bot-a')
  post(asking, uuid, 'start')
  asking.pass(20_000)
  return uuid
}

describe('the status that a poller sees', () => {
  test('exited, starting, exited again although it runs, running', () => {
    const asking = new Asking(roomy)
    const uuid = asking.service('bot-a')
    expect(post(asking, uuid, 'start')).toBe(200)
    // Old until a worker has picked it up.
    expect(asking.status(uuid)).toBe('exited')
    expect(sequence(asking, uuid, 20_000)).toEqual(['exited', 'starting:unhealthy', 'exited', 'running:healthy'])
  })

  test('a stop in the stale time is refused although the bot runs', () => {
    const asking = new Asking(roomy)
    const uuid = asking.service('bot-a')
    post(asking, uuid, 'start')
    asking.pass(5000)
    expect(asking.runner.state(uuid).state).toBe('running')
    const refused = asking.ask('POST', `/services/${uuid}/stop?docker_cleanup=false`)
    expect(refused).toMatchObject({ status: 400, json: { message: 'Service is already stopped.' } })
    expect(post(asking, uuid, 'start')).toBe(200)
  })

  test('a second start of a bot that runs is refused', () => {
    const asking = new Asking(roomy)
    const uuid = running(asking)
    expect(asking.ask('POST', `/services/${uuid}/start`)).toMatchObject({ status: 400, json: { message: 'Service is already running.' } })
  })

  test('a stop writes exited itself', () => {
    const asking = new Asking(roomy)
    const uuid = running(asking)
    expect(post(asking, uuid, 'stop')).toBe(200)
    asking.pass(700)
    expect(asking.status(uuid)).toBe('exited')
    expect(asking.runner.state(uuid).state).toBe('none')
  })

  test('a restart without a pull leaves a stale exited until the force interval', () => {
    const asking = new Asking({ ...roomy, statusLagMs: 60_000 })
    const uuid = asking.service('bot-a')
    post(asking, uuid, 'start')
    asking.pass(65_000)
    expect(asking.status(uuid)).toBe('running:healthy')
    post(asking, uuid, 'restart')
    asking.pass(70_000)
    expect([asking.runner.state(uuid).state, asking.status(uuid)]).toEqual(['running', 'exited'])
    asking.pass(300_000)
    expect(asking.status(uuid)).toBe('running:healthy')
  })

  test('a restart with a pull never shows exited', () => {
    const asking = new Asking(roomy)
    const uuid = running(asking)
    expect(asking.ask('POST', `/services/${uuid}/restart?latest=true`).status).toBe(200)
    expect(sequence(asking, uuid, 20_000)).toEqual(['running:healthy', 'starting:unhealthy', 'running:healthy'])
  })

  test('a change of health alone is seen only after the force interval, one of state with the next push', () => {
    const asking = new Asking(roomy)
    const uuid = running(asking)
    asking.runner.setHealth(uuid, 'unhealthy')
    asking.pass(60_000)
    expect(asking.status(uuid)).toBe('running:healthy')
    asking.pass(300_000)
    expect(asking.status(uuid)).toBe('running:unhealthy')
    asking.runner.crashLoop(uuid)
    asking.pass(10_000)
    expect(asking.status(uuid)).toBe('degraded:unhealthy')
  })

  test('health that is still starting counts as healthy', () => {
    const asking = new Asking(roomy)
    const uuid = asking.service('bot-a')
    post(asking, uuid, 'start')
    asking.pass(5000)
    asking.runner.setHealth(uuid, 'starting')
    asking.pass(6000)
    expect(asking.status(uuid)).toBe('running:healthy')
  })

  test('a service whose containers are all excluded says so', () => {
    const asking = new Asking(roomy)
    const uuid = asking.service('bot-a', { docker_compose_raw: base64(compose({ restart: 'no' })) })
    post(asking, uuid, 'start')
    asking.pass(20_000)
    expect(asking.status(uuid)).toBe('running:healthy:excluded')
  })

  test('the list of a server shows the same words, and those of others', () => {
    const asking = new Asking(roomy)
    const uuid = running(asking)
    const foreign = asking.coolify.plantForeign('customers-database')
    asking.pass(20_000)
    const list = asking.ask('GET', '/servers/server0000000000000000aa/resources').json
    expect(list.map(({ uuid: one, type, status }: { [key: string]: string }) => [one, type, status]))
      .toEqual([[uuid, 'service', 'running:healthy'], [foreign, 'service', 'running:healthy']])
  })
})

describe('the queue', () => {
  test('a delete leaves the row readable until its job ran, and may be repeated', () => {
    const asking = new Asking(roomy)
    const uuid = running(asking)
    const path = `/services/${uuid}`
    expect(asking.ask('DELETE', `${path}?delete_volumes=true&docker_cleanup=false`).json.message).toBe('Service deletion request queued.')
    expect(asking.ask('GET', path).status).toBe(200)
    expect(asking.ask('DELETE', path).status).toBe(200)
    asking.pass(1000)
    expect(asking.ask('GET', path).status).toBe(404)
    expect(asking.ask('DELETE', path).status).toBe(404)
    expect(asking.coolify.orphans()).toEqual([])
  })

  test.each([[true, 0], [false, 1]])('delete_volumes=%s leaves %i volumes', (asked, left) => {
    const asking = new Asking(roomy)
    const document = compose({ volumes: ['state:/data'] })
    const uuid = asking.service('bot-a', { docker_compose_raw: base64(document) })
    post(asking, uuid, 'start')
    asking.pass(5000)
    asking.ask('DELETE', `/services/${uuid}?delete_volumes=${asked}`)
    asking.pass(1000)
    expect(asking.coolify.volumes()).toHaveLength(left)
  })

  test('a clean-up that fails is swallowed: the row goes, the containers stay', () => {
    const asking = new Asking(roomy)
    const uuid = running(asking)
    asking.coolify.swallowCleanup = true
    asking.ask('DELETE', `/services/${uuid}`)
    asking.pass(1000)
    expect(asking.ask('GET', `/services/${uuid}`).status).toBe(404)
    expect(asking.coolify.orphans()).toEqual([uuid])
    expect(asking.runner.state(uuid).state).toBe('running')
  })

  test('a delete during a start leaves containers that come up afterwards', () => {
    const asking = new Asking(roomy)
    const uuid = asking.service('bot-a')
    post(asking, uuid, 'start')
    asking.pass(500)
    asking.ask('DELETE', `/services/${uuid}`)
    asking.pass(10_000)
    expect(asking.coolify.orphans()).toEqual([uuid])
  })

  test('a restart of Coolify loses the queue and freezes what was starting, until a stop', () => {
    const asking = new Asking(roomy)
    const uuid = asking.service('bot-a')
    const other = asking.service('bot-b')
    post(asking, uuid, 'start')
    asking.pass(500)
    post(asking, other, 'start')
    asking.coolify.faults.restart()
    asking.pass(600_000)
    expect([asking.status(uuid), asking.status(other)]).toEqual(['starting:unhealthy', 'exited'])
    expect(post(asking, uuid, 'stop')).toBe(200)
    asking.pass(1000)
    expect(asking.status(uuid)).toBe('exited')
  })

  test('stands still while it is frozen, and goes on afterwards', () => {
    const asking = new Asking(roomy)
    const uuid = running(asking)
    asking.coolify.faults.freeze()
    asking.coolify.handStop(uuid)
    post(asking, uuid, 'restart')
    asking.pass(600_000)
    expect(asking.status(uuid)).toBe('running:healthy')
    asking.coolify.faults.freeze(false)
    asking.pass(30_000)
    expect([asking.runner.state(uuid).state, asking.coolify.idle]).toEqual(['running', true])
  })

  test('has few workers: slow starts hold up everything', () => {
    const asking = new Asking({ ...roomy, workers: 2 })
    const uuids = ['a', 'b', 'c'].map((name) => asking.service(`bot-${name}`))
    for (const uuid of uuids) post(asking, uuid, 'start')
    asking.pass(1000)
    expect(uuids.map((uuid) => asking.status(uuid))).toEqual(['starting:unhealthy', 'starting:unhealthy', 'exited'])
    asking.pass(20_000)
    expect(uuids.map((uuid) => asking.status(uuid))).toEqual(['running:healthy', 'running:healthy', 'running:healthy'])
  })

  test('what is stopped or deleted by hand shows with the next push', () => {
    const asking = new Asking(roomy)
    const uuid = running(asking)
    asking.coolify.handStop(uuid)
    expect(asking.status(uuid)).toBe('running:healthy')
    asking.pass(10_000)
    expect(asking.status(uuid)).toBe('exited')
    asking.coolify.handDelete(uuid)
    expect(asking.ask('GET', `/services/${uuid}`).status).toBe(404)
  })

  test('a server out of reach shows what was last known of it', () => {
    const asking = new Asking(roomy)
    const uuid = running(asking)
    asking.coolify.sentinel.setReachable('server0000000000000000aa', false)
    asking.coolify.handStop(uuid)
    asking.pass(600_000)
    expect(asking.status(uuid)).toBe('running:healthy')
    expect(asking.ask('GET', '/servers').json[0].settings.is_reachable).toBe(false)
    asking.coolify.sentinel.setReachable('server0000000000000000aa', true)
    asking.pass(10_000)
    expect(asking.status(uuid)).toBe('exited')
  })
})

describe('logs', () => {
  test.each<[string, string, number]>([
    ['a container that runs', 'sub_service_name=bot&lines=5', 200],
    ['another service', 'sub_service_name=web', 404],
    ['no service', 'lines=5', 422],
    ['too many lines', 'sub_service_name=bot&lines=10001', 422],
  ])('of %s', (_, query, status) => {
    const asking = new Asking(roomy)
    const uuid = running(asking)
    expect(asking.ask('GET', `/services/${uuid}/logs?${query}`).status).toBe(status)
  })

  test('carry time stamps when asked, and are out of reach when the bot does not run', () => {
    const asking = new Asking(roomy)
    const uuid = running(asking)
    const path = `/services/${uuid}/logs?sub_service_name=bot`
    expect(asking.ask('GET', path).json.logs).toBe('bot-a starts\n')
    expect(asking.ask('GET', `${path}&show_timestamps=true`).json.logs).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z bot-a starts\n$/)
    asking.runner.crashLoop(uuid)
    expect(asking.ask('GET', path)).toMatchObject({ status: 400, json: { message: 'Container is not running.' } })
    asking.coolify.handStop(uuid)
    expect(asking.ask('GET', path)).toMatchObject({ status: 404, json: { message: 'Container not found.' } })
  })
})

describe('what is saved', () => {
  test('is there again in another run, and what ran is started', () => {
    const first = new Asking(roomy)
    const up = running(first)
    const down = first.service('bot-b', { urls: [{ name: 'bot', url: 'http://b.bots.localhost:8080' }] })
    const second = new Asking({ ...roomy, random: seeded(2) })
    second.coolify.restore(JSON.parse(JSON.stringify(first.coolify.snapshot())))
    second.pass(20_000)
    expect([second.status(up), second.status(down)]).toEqual(['running:healthy', 'exited'])
    expect(second.coolify.serviceOf('b.bots.localhost')).toBe(down)
    expect(second.coolify.serviceOf('c.bots.localhost')).toBeNull()
    const taken = second.ask('POST', '/services', second.body('bot-c')).json.uuid
    expect([up, down]).not.toContain(taken)
  })
})
