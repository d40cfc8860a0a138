import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Bot } from '../../pb_hooks_src/fleet/bot.ts'
import type { Action, Seen } from '../../pb_hooks_src/fleet/plan.ts'
import { DESIRED_STATES, PHASES } from '../../pb_hooks_src/fleet/bot.ts'
import { plan } from '../../pb_hooks_src/fleet/plan.ts'
import { dueAfter } from '../../pb_hooks_src/fleet/retry.ts'
import { statusAfter } from '../../pb_hooks_src/fleet/status.ts'
import * as bounds from '../../pb_hooks_src/fleet/bounds.ts'
import { aBot, aNewBot, aSight, noon, unseen } from './make.ts'

const minute = 60_000
type Row = { name: string; bot: Bot; seen: Seen; then: string }

/** `then` reads as "<do> <why>[ <phase>]". */
const said = (action: Action): string => `${action.do} ${action.why}${action.do === 'idle' ? ` ${action.phase}` : ''}`

const rows: Row[] = [
  { name: 'a new bot is created', bot: aNewBot(), seen: unseen, then: 'create creating' },
  { name: 'a new bot without a server waits for room', bot: aNewBot({ server: '' }), seen: unseen, then: 'wait waiting_for_capacity' },
  { name: 'a new bot that should be stopped is not even created', bot: aNewBot({ desired: 'stopped' }), seen: unseen, then: 'idle stopped_by_choice stopped' },
  { name: 'nor one without a server', bot: aNewBot({ desired: 'stopped', server: '' }), seen: unseen, then: 'idle stopped_by_choice stopped' },
  { name: 'nor one of a suspended tenant', bot: aNewBot({ suspended: true }), seen: unseen, then: 'idle tenant_suspended suspended' },
  { name: 'a lost answer is not repeated before it has settled', bot: aNewBot({ triedAt: noon - 1000 }), seen: unseen, then: 'wait answer_lost' },
  { name: 'after settling, what is found is adopted', bot: aNewBot({ triedAt: noon - minute }), seen: aSight({ uuid: 'x' }), then: 'adopt creating' },
  { name: 'after settling, what is not there is created', bot: aNewBot({ triedAt: noon - minute }), seen: aSight({ presence: 'absent' }), then: 'create creating' },
  { name: 'after settling, not knowing is waiting', bot: aNewBot({ triedAt: noon - minute }), seen: unseen, then: 'wait platform_unreachable' },
  { name: 'a service without its variables is completed first', bot: aNewBot({ triedAt: noon - 5000, serviceUuid: 'svc1' }), seen: unseen, then: 'update creating' },
  { name: 'a complete service is started', bot: aNewBot({ triedAt: noon - 5000, serviceUuid: 'svc1', specHash: 'h1' }), seen: unseen, then: 'start starting_up' },
  { name: 'a second service under our name goes first', bot: aNewBot({ triedAt: noon - minute }), seen: aSight({ uuid: 'x', twins: ['svc2'] }), then: 'remove answer_lost' },
  { name: 'a write that may still land is waited for', bot: aBot({ wantedHash: 'h2', phase: 'updating', unsureAt: noon - 5000 }), seen: aSight(), then: 'wait answer_lost' },
  { name: 'and no longer than it can', bot: aBot({ wantedHash: 'h2', phase: 'updating', unsureAt: noon - minute }), seen: aSight(), then: 'update applying_changes' },
  { name: 'a healthy bot rests', bot: aBot(), seen: aSight(), then: 'idle healthy running' },
  { name: 'without a health check running is enough', bot: aBot(), seen: aSight({ health: 'unknown' }), then: 'idle healthy running' },
  { name: 'nothing is believed that was seen before the start', bot: aBot({ phase: 'provisioning', commandAt: noon - 1000 }), seen: aSight({ at: noon - 2000 }), then: 'wait starting_up' },
  { name: 'exited right after a start is only stale', bot: aBot({ phase: 'provisioning', commandAt: noon - minute, phaseSince: noon - minute }), seen: aSight({ state: 'exited' }), then: 'wait starting_up' },
  { name: 'exited for long after a start: started once more', bot: aBot({ phase: 'provisioning', commandAt: noon - 3 * minute, phaseSince: noon - 3 * minute }), seen: aSight({ state: 'exited' }), then: 'start starting_up' },
  { name: 'exited again: given twice as long', bot: aBot({ phase: 'provisioning', commandAt: noon - 3 * minute, phaseSince: noon - 3 * minute, repeats: 1 }), seen: aSight({ state: 'exited' }), then: 'wait starting_up' },
  { name: 'exited again and again: a person has to look', bot: aBot({ phase: 'provisioning', commandAt: noon - 20 * minute, repeats: 3 }), seen: aSight({ state: 'exited' }), then: 'fail container_exited' },
  { name: 'pulling an image is waited for', bot: aBot({ phase: 'provisioning', commandAt: noon - 5 * minute, phaseSince: noon - 5 * minute }), seen: aSight({ state: 'starting' }), then: 'wait starting_up' },
  { name: 'but not for ever', bot: aBot({ phase: 'provisioning', commandAt: noon - 13 * minute, phaseSince: noon - 13 * minute }), seen: aSight({ state: 'starting' }), then: 'fail not_healthy_in_time' },
  { name: 'a start without an answer is looked at first', bot: aBot({ phase: 'provisioning', commandAt: noon - 5000, commandAcked: false }), seen: unseen, then: 'wait starting_up' },
  { name: 'a start that never arrived is sent again', bot: aBot({ phase: 'provisioning', commandAt: noon - 30_000, commandAcked: false }), seen: aSight({ state: 'exited' }), then: 'start starting_up' },
  { name: 'one bad look is not yet bad news', bot: aBot({ misses: 1 }), seen: aSight({ health: 'unhealthy' }), then: 'wait healthy' },
  { name: 'two are', bot: aBot({ misses: 2 }), seen: aSight({ health: 'unhealthy' }), then: 'idle unhealthy degraded' },
  { name: 'one good look is good news', bot: aBot({ phase: 'degraded', reason: 'unhealthy', misses: 0 }), seen: aSight(), then: 'idle healthy running' },
  { name: 'a failed bot that turns out healthy runs', bot: aBot({ phase: 'failed', reason: 'not_healthy_in_time' }), seen: aSight(), then: 'idle healthy running' },
  { name: 'a failed bot stays so without news', bot: aBot({ phase: 'failed', reason: 'container_exited' }), seen: aSight({ state: 'exited' }), then: 'fail container_exited' },
  { name: 'a crash loop while starting fails', bot: aBot({ phase: 'provisioning', phaseSince: noon - minute, misses: 4 }), seen: aSight({ state: 'degraded' }), then: 'fail crash_loop' },
  { name: 'a crash loop while running is degraded', bot: aBot({ misses: 2 }), seen: aSight({ state: 'degraded' }), then: 'idle crash_loop degraded' },
  { name: 'stopped by hand: started again once', bot: aBot({ misses: 2 }), seen: aSight({ state: 'exited' }), then: 'start starting_up' },
  { name: 'changed answers are written first', bot: aBot({ wantedHash: 'h2', phase: 'updating' }), seen: aSight(), then: 'update applying_changes' },
  { name: 'then the container is replaced', bot: aBot({ wantedHash: 'h2', specHash: 'h2', phase: 'updating' }), seen: aSight(), then: 'restart applying_changes' },
  { name: 'a change during the image pull waits for it', bot: aBot({ wantedHash: 'h2', commandAt: noon - minute }), seen: aSight({ state: 'starting' }), then: 'wait waiting_for_image' },
  { name: 'a restart that was asked for', bot: aBot({ actionKind: 'restart', actionGeneration: 4, generation: 4, phase: 'restarting' }), seen: aSight(), then: 'restart restarting' },
  { name: 'a restart of what lies is a start', bot: aBot({ actionKind: 'restart', actionGeneration: 4, generation: 4, phase: 'failed' }), seen: aSight({ state: 'exited' }), then: 'start restarting' },
  { name: 'stop', bot: aBot({ desired: 'stopped', phase: 'stopping', phaseSince: noon - 50 }), seen: aSight(), then: 'stop stopping' },
  { name: 'a stop is given time', bot: aBot({ desired: 'stopped', phase: 'stopping', command: 'stop', commandAt: noon - 5000, phaseSince: noon - 5000 }), seen: aSight(), then: 'wait stopping' },
  { name: 'stopped', bot: aBot({ desired: 'stopped', phase: 'stopping', command: 'stop', commandAt: noon - 5000, phaseSince: noon - 5000 }), seen: aSight({ state: 'exited' }), then: 'idle stopped_by_choice stopped' },
  { name: 'exited just after a start may be stale, so a stop waits', bot: aBot({ desired: 'stopped', phase: 'stopping', commandAt: noon - minute, phaseSince: noon - 5000 }), seen: aSight({ state: 'exited' }), then: 'wait stopping' },
  { name: 'a stop waits for a running start job', bot: aBot({ desired: 'stopped', phase: 'stopping', commandAt: noon - minute }), seen: aSight({ state: 'starting' }), then: 'wait waiting_for_image' },
  { name: 'a bot that will not stop', bot: aBot({ desired: 'stopped', phase: 'stopping', command: 'stop', commandAt: noon - 6 * minute, phaseSince: noon - 6 * minute }), seen: aSight(), then: 'fail not_stopped_in_time' },
  { name: 'suspended means really stopped', bot: aBot({ suspended: true }), seen: aSight(), then: 'stop tenant_suspended' },
  { name: 'suspended and down', bot: aBot({ suspended: true, command: 'stop', phase: 'stopping', commandAt: noon - 5000 }), seen: aSight({ state: 'exited' }), then: 'idle tenant_suspended suspended' },
  { name: 'start after stop', bot: aBot({ command: 'stop', phase: 'starting', generation: 4 }), seen: aSight({ state: 'exited' }), then: 'start starting_up' },
  { name: 'start right after stop waits until it is down', bot: aBot({ command: 'stop', phase: 'starting', commandAt: noon - 3000 }), seen: aSight(), then: 'wait starting_up' },
  { name: 'a lost service with data is a person’s decision', bot: aBot(), seen: aSight({ presence: 'absent' }), then: 'fail service_lost' },
  { name: 'who orders it anew gets it', bot: aBot({ actionKind: 'redeploy', actionGeneration: 4, generation: 4 }), seen: aSight({ presence: 'absent' }), then: 'create creating' },
  { name: 'also when its restart had no clear answer', bot: aBot({ actionKind: 'redeploy', actionGeneration: 4, generation: 4, commandGeneration: 4 }), seen: aSight({ presence: 'absent' }), then: 'create creating' },
  { name: 'without data it is made anew', bot: aBot({ hasVolumes: false }), seen: aSight({ presence: 'absent' }), then: 'create creating' },
  { name: 'delete', bot: aBot({ desired: 'deleted', phase: 'deleting' }), seen: aSight(), then: 'remove deleting' },
  { name: 'delete waits for a running start job', bot: aBot({ desired: 'deleted', phase: 'deleting', commandAt: noon - minute }), seen: aSight({ state: 'starting' }), then: 'wait waiting_for_image' },
  { name: 'a delete is given time', bot: aBot({ desired: 'deleted', phase: 'deleting', command: 'remove', commandAt: noon - 5000 }), seen: aSight(), then: 'wait deleting' },
  { name: 'gone is finalised', bot: aBot({ desired: 'deleted', phase: 'deleting', command: 'remove' }), seen: aSight({ presence: 'absent' }), then: 'finalise deleting' },
  { name: 'not knowing is not gone', bot: aBot({ desired: 'deleted', phase: 'deleting', command: 'remove' }), seen: unseen, then: 'wait platform_unreachable' },
  { name: 'deleted before anything was done', bot: aNewBot({ desired: 'deleted' }), seen: unseen, then: 'finalise deleting' },
  { name: 'deleted while an answer was lost: look first', bot: aNewBot({ desired: 'deleted', triedAt: noon - 1000 }), seen: unseen, then: 'wait answer_lost' },
  { name: 'and what is found is taken along', bot: aNewBot({ desired: 'deleted', triedAt: noon - minute }), seen: aSight({ uuid: 'x' }), then: 'adopt deleting' },
]

describe('plan', () => {
  test.each(rows)('$name', ({ bot, seen, then }) => {
    expect(said(plan(bot, seen, noon))).toBe(then)
  })

  const anyBot = fc.record({
    desired: fc.constantFrom(...DESIRED_STATES), suspended: fc.boolean(), phase: fc.constantFrom(...PHASES), server: fc.constantFrom('', 'server1'),
    generation: fc.integer({ min: 1, max: 9 }), actionKind: fc.constantFrom('' as const, 'restart' as const, 'redeploy' as const),
    actionGeneration: fc.integer({ min: 0, max: 9 }), serviceUuid: fc.constantFrom('', 'svc1'), specHash: fc.constantFrom('', 'h1', 'h2'),
    command: fc.constantFrom('' as const, 'start' as const, 'stop' as const, 'restart' as const, 'remove' as const), commandAcked: fc.boolean(),
    commandAt: fc.integer({ min: noon - 40 * minute, max: noon }), triedAt: fc.constantFrom(0, noon - 1000, noon - 3_600_000),
    phaseSince: fc.integer({ min: noon - 40 * minute, max: noon }), misses: fc.integer({ min: 0, max: 6 }), repeats: fc.integer({ min: 0, max: 2 }),
    commandHash: fc.constantFrom('', 'h1', 'h2'), commandGeneration: fc.integer({ min: 0, max: 9 }), hasVolumes: fc.boolean(),
  }).map((different) => aBot(different as Partial<Bot>))
  const anySight = fc.record({
    at: fc.integer({ min: noon - 60 * minute, max: noon }), presence: fc.constantFrom('present' as const, 'absent' as const, 'unknown' as const),
    state: fc.constantFrom('running' as const, 'starting' as const, 'exited' as const, 'degraded' as const, 'restarting' as const, 'unknown' as const),
    health: fc.constantFrom('healthy' as const, 'unhealthy' as const, 'unknown' as const), twins: fc.constantFrom<string[]>([], ['svc2']),
  }).map((different) => aSight(different))

  test('is total, and never does what the record does not want', () => {
    fc.assert(fc.property(anyBot, anySight, (bot, seen) => {
      const action = plan(bot, seen, noon)
      const off = bot.suspended || bot.desired !== 'running'
      if (off) expect(['start', 'restart', 'create', 'update']).not.toContain(action.do)
      if (bot.desired !== 'deleted') expect(action.do).not.toBe('finalise')
      if (action.do === 'remove' && bot.desired !== 'deleted') expect(action.uuid).not.toBe(bot.serviceUuid)
      if (action.do === 'finalise' && bot.serviceUuid !== '') expect(seen.presence).toBe('absent')
      if (action.do === 'create' && bot.triedAt !== 0) expect(seen.presence).toBe('absent')
      if (action.do === 'wait') expect(action.untilMs).toBeGreaterThanOrEqual(noon)
      expect(plan(bot, seen, noon)).toEqual(action)
    }), { numRuns: 3000 })
  })

  test('a turn that changes nothing is not due again at once', () => {
    fc.assert(fc.property(anyBot, anySight, fc.double({ min: 0, max: 0.99, noNaN: true }), (bot, seen, random) => {
      const action = plan(bot, seen, noon)
      if (action.do === 'wait' || action.do === 'idle' || action.do === 'fail') expect(dueAfter(action, noon, random)).toBeGreaterThan(noon)
    }), { numRuns: 1000 })
  })

  test('a bot that is being deleted never shows another phase', () => {
    fc.assert(fc.property(anyBot, anySight, (bot, seen) => {
      if (bot.desired === 'deleted') expect(statusAfter(bot, plan(bot, seen, noon)).phase).toBe('deleting')
    }), { numRuns: 2000 })
  })

  test('no transitional phase outlives its deadline once it was looked at again', () => {
    fc.assert(fc.property(anyBot, (bot) => {
      const deadline = bounds.phaseDeadlineMs[bot.phase]
      if (deadline === undefined || bot.desired === 'deleted' || bot.phaseSince + deadline >= noon) return
      const action = plan(bot, aSight({ at: noon, state: 'starting', health: 'unhealthy' }), noon)
      if (action.do === 'wait') expect(noon < bot.commandAt + bounds.startJobMs || bot.server === '' || bot.serviceUuid === '' || action.why === 'waiting_for_image' || bot.command === 'stop').toBe(true)
    }), { numRuns: 2000 })
  })
})
