// Used by the Dockerfile: puts the pinned PocketBase release, checked by sha256, where the argument says.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fetchRelease, releasePlatform } from '../setup/release.mjs'

const target = process.argv[2]
if (target === undefined) throw new Error('usage: node docker/fetch-pocketbase.mjs <file>')
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).pocketbase
const base = process.env.POCKETBASE_RELEASES
const program = await fetchRelease({ version, platform: releasePlatform(), ...(base ? { base } : {}) })
mkdirSync(dirname(target), { recursive: true })
writeFileSync(target, program, { mode: 0o755 })
console.log(`PocketBase ${version} (${releasePlatform()}), sha256 of its archive is right`)
