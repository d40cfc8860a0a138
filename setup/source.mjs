// Builds PocketBase from source with a Go toolchain that is already there.
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './command.mjs'

/** Measured: 52 s on two cores, downloads included; slow machines and networks get room. */
const buildMsMax = 10 * 60_000

/**
 * @param {string} version
 * @param {{ folder: string, env: Record<string, string | undefined>, go?: string,
 *   note?: (text: string) => void, keep: (file: string) => void }} options folder = where a scratch folder
 *   may lie (same disk as the result); `keep` gets the built file while it still exists
 * @throws Error with one sentence when there is no Go or the build fails
 */
export async function buildFromSource(version, { folder, env, go = 'go', note, keep }) {
  const there = await run(go, ['version'], { env })
  if (!there.ok) throw new Error('Go is not installed')
  const scratch = mkdtempSync(join(folder, 'build-'))
  try {
    const built = await run(go, [
      'install', '-ldflags', `-s -w -X github.com/pocketbase/pocketbase.Version=${version}`,
      `github.com/pocketbase/pocketbase/examples/base@v${version}`,
    ], {
      // The machine may pin its own toolchain; PocketBase names the one it needs, and Go fetches it.
      env: { ...env, GOTOOLCHAIN: 'auto', CGO_ENABLED: '0', GOBIN: scratch, GOFLAGS: '' },
      timeoutMs: buildMsMax,
      onLine: (line) => note?.(/^go: downloading (\S+)/.exec(line)?.[1] ?? ''),
    })
    if (!built.ok) throw new Error(`go install failed: ${built.text.split('\n').at(-1)}`)
    keep(join(scratch, process.platform === 'win32' ? 'base.exe' : 'base'))
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
