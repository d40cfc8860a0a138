// PocketBase's official release archives: their names and checksums.
import { download } from './download.mjs'
import { readZipEntry } from './zip.mjs'

export const officialReleases = 'https://github.com/pocketbase/pocketbase/releases/download'

/** sha256 of `pocketbase_<version>_<platform>.zip` by version and platform; a new pin needs new lines. */
export const checksums = {
  '0.40.4': {
    linux_amd64: '9042ec818570e79c3628dadcd0a756c1496d9e1173918ec409d133c02f82e5fa',
    linux_arm64: '86095bf8ed9345954f0d2bf0a5fb9b57584ae60b77ebf3b6cd23a8003a3fd418',
    darwin_amd64: '052906521f09f6f23405cd804c930d2b7a1f8eee06d39b85723b5054b2acb4e4',
    darwin_arm64: 'eeb619ea4f8a06421daedb946d133bed269fea334a760941d147f76befc25ebc',
    windows_amd64: '81c30964508fa7df15fe4571a6ee39e059859c566dad03ebf181aebe07366c3e',
  },
}

/** `linux_amd64` and the like, as the archives are named. */
export function releasePlatform(platform = process.platform, arch = process.arch) {
  const os = platform === 'win32' ? 'windows' : platform
  return `${os}_${arch === 'x64' ? 'amd64' : arch}`
}

/**
 * @param {{ version: string, platform: string, base?: string, idleMs?: number, sums?: typeof checksums,
 *   onBytes?: (got: number, size: number) => void }} wanted
 * @returns {Promise<Buffer>} the program itself
 * @throws Error with one sentence; also when no checksum is known, for an unchecked program is never run
 */
export async function fetchRelease({ version, platform, base, idleMs, sums = checksums, onBytes }) {
  const sum = sums[version]?.[platform]
  if (sum === undefined) throw new Error(`no checksum is known for PocketBase ${version} on ${platform}`)
  const site = (base ?? officialReleases).replace(/\/+$/, '')
  const url = `${site}/v${version}/pocketbase_${version}_${platform}.zip`
  const archive = await download(url, sum, { idleMs, onBytes })
  return readZipEntry(archive, platform.startsWith('windows') ? 'pocketbase.exe' : 'pocketbase')
}
