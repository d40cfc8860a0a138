/** Lifecycle by POST, service logs and hidden secrets came with 4.2.0; below it nothing of ours works. */
export const versionFloor = '4.2.0'
/** The newest version that the contract tests were written against. */
export const versionTested = '4.3.23'

export type Support = 'ok' | 'too_old' | 'untested'

const shape = /^v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})([-+.][0-9A-Za-z.+-]{1,40})?$/

/**
 * Whether this control plane works with a Coolify of that version. A pre-release counts below its release
 * (`4.2.0-rc.1` is older than `4.2.0`); a text that is no version is `untested`.
 * @param version as `Platform.version()` answers it, such as `4.3.10`
 */
export function supported(version: string): Support {
  const parts = shape.exec(version.trim())
  if (parts === null) return 'untested'
  const release = [parts[1], parts[2], parts[3]].map(Number)
  const preview = parts[4]?.startsWith('-') === true
  const floor = compare(release, versionFloor)
  if (floor < 0 || (floor === 0 && preview)) return 'too_old'
  return compare(release, versionTested) > 0 ? 'untested' : 'ok'
}

/** Reads the plain text of GET /version; null when something else than Coolify answered. */
export function versionOf(text: string): string | null {
  const bare = text.trim().replace(/^"(.*)"$/, '$1')
  return shape.test(bare) ? bare.replace(/^v/, '') : null
}

function compare(release: number[], other: string): number {
  const parts = other.split('.').map(Number)
  for (let i = 0; i < 3; i++) {
    const difference = (release[i] ?? 0) - (parts[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
