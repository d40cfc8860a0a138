export function readZipEntry(archive: Buffer, name: string): Buffer
