import { describe, expect, test } from 'vitest'
import { readZipEntry } from '../../setup/zip.mjs'
import { program, zipOf } from './release-site.ts'

const content = Buffer.concat([program('1.2.3'), Buffer.alloc(5000, 'a')])
const readme = { name: 'LICENSE.md', content: Buffer.from('MIT'), method: 0 }

describe('readZipEntry', () => {
  test.each([0, 8])('finds an entry among others, method %i', (method) => {
    const archive = zipOf([readme, { name: 'pocketbase', content, method }])
    expect(readZipEntry(archive, 'pocketbase').equals(content)).toBe(true)
    expect(readZipEntry(archive, 'LICENSE.md').toString()).toBe('MIT')
  })

  test('a comment behind the directory does not hide it', () => {
    const archive = zipOf([{ name: 'pocketbase', content, method: 8 }], 'made by a release robot')
    expect(readZipEntry(archive, 'pocketbase').equals(content)).toBe(true)
  })

  test('the name must match wholly', () => {
    const archive = zipOf([{ name: 'pocketbase.txt', content, method: 8 }])
    expect(() => readZipEntry(archive, 'pocketbase')).toThrow('no entry pocketbase')
  })

  const lying = (method: number, sizeSaid: number) => {
    return zipOf([{ name: 'pocketbase', content, method, sizeSaid }])
  }
  const good = zipOf([{ name: 'pocketbase', content, method: 8 }])
  test.each([
    ['cut', good.subarray(0, good.length >> 1), 'not a zip archive, or cut'],
    ['empty', Buffer.alloc(0), 'not a zip archive, or cut'],
    ['a page instead of an archive', Buffer.from('<html>'.repeat(20)), 'not a zip archive, or cut'],
    ['front missing', good.subarray(20), 'damaged'],
    ['another method', zipOf([{ name: 'pocketbase', content, method: 12 }]), 'packed in an unknown way (12)'],
    ['a wrong size, stored', lying(0, 7), 'instead of 7 bytes'],
    ['a size too small, deflated', lying(8, 7), 'larger than 8 bytes'],
    ['a size too large, deflated', lying(8, 9000), 'instead of 9000'],
  ])('%s is refused', (_name, archive, reason) => {
    expect(() => readZipEntry(archive, 'pocketbase')).toThrow(reason)
  })
})
