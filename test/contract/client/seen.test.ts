import { expect, test } from 'vitest'
import { statusOf } from '../../../pb_hooks_src/doors/coolify/seen.ts'
import { supported, versionOf } from '../../../pb_hooks_src/doors/coolify/version.ts'

/** Every value of Coolify's ContainerStatusAggregator, older forms included. */
test.each([
  ['running:healthy', 'running', 'healthy'],
  ['running:unhealthy', 'running', 'unhealthy'],
  ['running:unknown', 'running', 'unknown'],
  ['starting:unhealthy', 'starting', 'unhealthy'],
  ['starting:unknown', 'starting', 'unknown'],
  ['degraded:unhealthy', 'degraded', 'unhealthy'],
  ['paused:unknown', 'paused', 'unknown'],
  ['exited', 'exited', 'unknown'],
  ['exited:unhealthy', 'exited', 'unhealthy'],
  ['restarting:unknown', 'restarting', 'unknown'],
  ['running:healthy:excluded', 'running', 'healthy'],
  ['degraded:unhealthy:excluded', 'degraded', 'unhealthy'],
  ['unknown:unknown:excluded', 'unknown', 'unknown'],
  [' Running:Healthy ', 'running', 'healthy'],
  ['', 'unknown', 'unknown'],
  [null, 'unknown', 'unknown'],
  [undefined, 'unknown', 'unknown'],
  ['not running:healthy', 'unknown', 'healthy'],
  ['runningish', 'unknown', 'unknown'],
  ['exited:healthyish', 'exited', 'unknown'],
  ['constructor:toString', 'unknown', 'unknown'],
])('%j is %s and %s', (status, state, health) => {
  expect(statusOf(status)).toEqual({ state, health })
})

test.each([
  ['4.0.0-beta.461', 'too_old'],
  ['3.12.36', 'too_old'],
  ['4.1.2', 'too_old'],
  ['4.2.0-rc.1', 'too_old'],
  ['4.2.0', 'ok'],
  ['4.3.9', 'ok'],
  ['v4.3.23', 'ok'],
  ['4.3.23-rc.1', 'ok'],
  ['4.3.24', 'untested'],
  ['4.4.0-rc.1', 'untested'],
  ['4.10.0', 'untested'],
  ['5.0.0', 'untested'],
  ['nightly', 'untested'],
])('version %s is %s', (version, support) => {
  expect(supported(version)).toBe(support)
})

test.each([
  ['4.3.10', '4.3.10'], ['"4.3.10"', '4.3.10'], ['v4.3.10\n', '4.3.10'], ['<html>', null], ['', null], ['4.3', null],
])('the text %j names version %j', (text, version) => {
  expect(versionOf(text)).toBe(version)
})
