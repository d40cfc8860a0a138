import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, watch } from 'node:fs'
import { join } from 'node:path'
import { Child } from './child.ts'

const settleMs = 300

/**
 * Builds on every change and calls `restart` when what PocketBase holds in memory (hooks, catalogue,
 * migrations) has become different; the portal is read from disk at each request and needs none.
 * @returns a function that ends the watching
 */
export function rebuildAndRestart(
  root: string, restart: () => Promise<void>, say: (text: string) => void,
): { close: () => void } {
  const build = [join(root, 'build.mjs'), '--watch', '--quiet']
  const builder = new Child(process.execPath, build, process.env, say)
  void builder.ended.then((code) => {
    if (!builder.stopping) say(`the build ended with code ${code}; changes are not seen any more`)
  })
  let running = fingerprint(root)
  let timer: NodeJS.Timeout | undefined
  let busy = Promise.resolve()
  const changed = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      busy = busy.then(async () => {
        const now = fingerprint(root)
        if (now === running) return
        running = now
        await restart()
      }).catch((error: Error) => say(error.message))
    }, settleMs)
  }
  const watchers = ['pb_hooks', 'pb_migrations'].filter((folder) => existsSync(join(root, folder)))
    .map((folder) => watch(join(root, folder), changed))
  return {
    close: () => {
      clearTimeout(timer)
      for (const watcher of watchers) watcher.close()
      void builder.stop()
    },
  }
}

function fingerprint(root: string): string {
  const hash = createHash('sha256')
  for (const folder of ['pb_hooks', 'pb_migrations']) {
    for (const name of existsSync(join(root, folder)) ? readdirSync(join(root, folder)).sort() : []) {
      hash.update(name).update(readFileSync(join(root, folder, name)))
    }
  }
  return hash.digest('hex')
}
