/** sha256 of an archive by version and platform (`linux_amd64`). */
export type Checksums = { [version: string]: { [platform: string]: string } }

export const officialReleases: string
export const checksums: Checksums
export function releasePlatform(platform?: string, arch?: string): string
export function fetchRelease(wanted: {
  version: string
  platform: string
  base?: string
  idleMs?: number
  sums?: Checksums
  onBytes?: (got: number, size: number) => void
}): Promise<Buffer>
