import type { Checksums } from './release.mjs'

type Environment = { [name: string]: string | undefined }

export function preparePocketbase(root: string, env: Environment): Promise<void>
export function findPocketbase(wanted: {
  version: string
  env: Environment
  sums?: Checksums
  go?: string
  platform?: string
  say?: (text: string) => void
}): Promise<string>
export function cacheFolder(env: Environment, platform?: string): string
