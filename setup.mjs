#!/usr/bin/env node
// Makes a clone ready: dependencies and PocketBase. npm runs it before start, test and build.
const help = `node setup.mjs [--help]
Makes this clone ready, with Node's own modules only:
  1. installs the dependencies when package-lock.json changed
  2. finds PocketBase of the version that package.json pins: POCKETBASE_BIN, the user's cache folder, the
     official release (checked by sha256), or a source build with Go. Its path is written to
     node_modules/.cache/pocketbase-path.
Says nothing when there is nothing to do.
Environment:
  POCKETBASE_BIN         path of a PocketBase binary of exactly that version
  POCKETBASE_RELEASES    where releases are, instead of GitHub:
                         <it>/v<version>/pocketbase_<version>_<os>_<arch>.zip
  SETUP_IDLE_MS          a download without a byte for so long is given up (default and at most 15000)
  XDG_CACHE_HOME         the cache folder on Linux (default ~/.cache)`

/** Below it, fetch, streams and zlib lack what the next steps use. */
const nodeMajorMin = 20

if (Number(process.versions.node.split('.')[0]) < nodeMajorMin) {
  console.error(`Node ${nodeMajorMin} or newer is needed, this is ${process.versions.node}.`)
  process.exit(1)
}
if (process.argv.includes('--help')) {
  console.log(help)
  process.exit(0)
}

// Imported only now: an older Node would stop at their syntax instead of saying the sentence above.
const { dirname } = await import('node:path')
const { fileURLToPath } = await import('node:url')
const { installDependencies } = await import('./setup/dependencies.mjs')
const { preparePocketbase } = await import('./setup/pocketbase.mjs')

const root = dirname(fileURLToPath(import.meta.url))
try {
  await installDependencies(root, process.env)
  await preparePocketbase(root, process.env)
} catch (error) {
  console.error(error.message)
  process.exit(1)
}
