import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { World, calm, faultKinds, type Operation, type Trouble } from './world.ts'
import seeds from './seeds.json' with { type: 'json' }

/**
 * Random histories of the real plan and step against the stand-in's class on a virtual clock: people change
 * their minds, calls get lost before and after they took effect, answers are cut, lists are stale, the
 * process dies around calls, somebody stops or deletes a service by hand. Safety is checked after every
 * turn, the rest when all is quiet.
 */
const historiesMin = 2000
/** Fixed, so that a run tells of the change and not of luck; `SIMULATION_SEED=$RANDOM npx vitest run test/simulation` looks elsewhere. */
const seed = Number(process.env['SIMULATION_SEED'] ?? 20261124)

const bots = ['ta1', 'ta2', 'tb1']
const bot = fc.constantFrom(...bots)
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('create' as const), bot, desired: fc.constantFrom('running' as const, 'running' as const, 'stopped' as const) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom('start' as const, 'stop' as const, 'restart' as const, 'redeploy' as const, 'change' as const, 'change' as const, 'rename' as const, 'delete' as const), bot }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('suspend' as const, 'resume' as const), tenant: fc.constantFrom('ta', 'tb') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('handStop' as const, 'handDelete' as const), bot }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(10, 500, 2000, 5000, 20_000, 60_000, 400_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('outage' as const), ms: fc.constantFrom(5000, 120_000, 3_600_000) }) },
)
const trouble: fc.Arbitrary<Trouble> = fc.record({
  faults: fc.constantFrom(0, 0.1, 0.3, 0.5), kinds: fc.subarray([...faultKinds], { minLength: 1, maxLength: 3 }), killed: fc.constantFrom(0, 0, 0.05, 0.2),
})
const history = fc.record({ seed: fc.nat(), trouble, operations: fc.array(operation, { minLength: 2, maxLength: 14 }) })
type History = { seed: number; trouble: Trouble; operations: Operation[] }

/** Plays a history to its quiet end; answers what is wrong then. */
function play({ seed, trouble: level, operations }: History): { wrong: string[]; world: World } {
  const world = new World(seed, level)
  world.apply({ do: 'create', bot: 'ta1', desired: 'running' })
  for (const one of operations) world.apply(one)
  return { wrong: world.quiesce(), world }
}

describe('the fleet', () => {
  test.each(seeds as unknown as { found: string; history: History }[])('does not repeat: $found', ({ history: known }) => {
    expect(play(known).wrong).toEqual([])
  })

  test(`ends as the records say after ${historiesMin} random histories`, () => {
    let turns = 0
    let calls = 0
    fc.assert(fc.property(history, (one) => {
      const { wrong, world } = play(one)
      turns += world.turns
      calls += world.calls
      expect(wrong).toEqual([])
    }), { numRuns: historiesMin, seed })
    console.log(`${historiesMin} histories, ${turns} turns, ${calls} calls to the platform`)
  })

  test('the same seed gives the same history', () => {
    const one: History = { seed: 7, trouble: { faults: 0.3, kinds: ['status500After', 'dropAfter'], killed: 0.1 }, operations: [{ do: 'wait', ms: 60_000 }, { do: 'change', bot: 'ta1' }, { do: 'wait', ms: 60_000 }, { do: 'delete', bot: 'ta1' }] }
    const first = play(one).world
    const second = play(one).world
    expect([second.turns, second.calls, second.clock.now]).toEqual([first.turns, first.calls, first.clock.now])
  })

  test('does not ask the platform again and again while nothing changes', () => {
    const world = new World(1, calm)
    for (const id of bots) world.apply({ do: 'create', bot: id, desired: 'running' })
    world.run(10 * 60_000)
    const before = world.calls
    world.run(60 * 60_000)
    expect(world.calls - before).toBeLessThanOrEqual(2 * 75)
  })
})
