import { expect, test } from 'vitest'
import { closingLine } from '../support/closing-line.ts'

const file = (state: string, ...tests: string[]) => ({
  state: () => state,
  children: { allTests: () => tests.map((result) => ({ result: () => ({ state: result }) })) },
}) as unknown as Parameters<typeof closingLine>[0] extends Iterable<infer T> ? T : never

test.each([
  ['all well', [file('passed', 'passed', 'passed', 'skipped')], 0, 'passed', '2 passed, 0 failed'],
  ['a failure', [file('failed', 'passed', 'failed')], 0, 'failed', '1 passed, 1 failed'],
  ['an unloadable file', [file('failed'), file('passed', 'passed')], 0, 'failed', '1 passed, 1 failed'],
  ['a failing hook', [file('failed', 'passed', 'skipped')], 0, 'failed', '1 passed, 1 failed'],
  ['an error outside of tests', [file('passed', 'passed')], 1, 'failed', '1 passed, 1 failed'],
  ['cut short', [file('passed', 'passed', 'pending')], 0, 'interrupted', '1 passed, 1 failed'],
  ['failed for a reason of its own', [file('passed', 'passed')], 0, 'failed', '1 passed, 1 failed'],
  ['nothing found', [], 0, 'failed', '0 passed, 1 failed'],
] as const)('%s', (_name, modules, errors, reason, line) => {
  expect(closingLine(modules, errors, reason)).toBe(line)
})
