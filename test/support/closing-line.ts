import type { Reporter, TestModule, TestRunEndReason } from 'vitest/node'

type Problem = { message?: string }

/**
 * Prints `N passed, N failed` as the very last line, after the usual summary: readers of a log find the
 * result there without knowing vitest. A file that cannot be loaded and an error outside of tests count as
 * failed, for otherwise such a run would read as a clean one; so does a run that was cut short.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly Problem[], reason: TestRunEndReason): void {
    const line = closingLine(modules, errors.length, reason)
    process.once('exit', () => console.log(line))
  }
}

type Counted = Pick<TestModule, 'state'> & {
  children: { allTests(): Iterable<{ result(): { state: string } }> }
}

/** @param errors how many were thrown outside of tests */
export function closingLine(modules: Iterable<Counted>, errors: number, reason: TestRunEndReason): string {
  const count = { passed: 0, failed: errors, pending: 0 }
  for (const module of modules) {
    const before = count.failed
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      if (state in count) count[state as keyof typeof count] += 1
    }
    if (module.state() === 'failed' && count.failed === before) count.failed += 1
  }
  // Tests that were never finished belong to a run that was cut short.
  count.failed += count.pending
  if (reason !== 'passed' && count.failed === 0) count.failed = 1
  return `${count.passed} passed, ${count.failed} failed`
}
