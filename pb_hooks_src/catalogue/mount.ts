const systemFolders = [
  '/proc',
  '/sys',
  '/dev',
  '/boot',
  '/run',
  '/var/run',
  '/bin',
  '/sbin',
  '/lib',
  '/lib64',
  '/usr',
  '/root',
]
const guardedSettings = [
  '/etc/ssl',
  '/etc/security',
  '/etc/pam.d',
  '/etc/ssh',
  '/etc/ld.so.conf.d',
  '/etc/apt',
  '/etc/cron.d',
]

/**
 * May something be mounted there? Nowhere under folders of the kernel or the system; a configuration
 * file may lie in a folder of its own under /etc, a volume may not.
 */
export function mountFault(path: string, kind: 'volume' | 'file'): boolean {
  if (!/^(\/[A-Za-z0-9._-]+)+$/.test(path) || /\/\.\.?(\/|$)/.test(path)) return true
  const under = (folder: string): boolean => path === folder || path.startsWith(`${folder}/`)
  if (systemFolders.some(under) || guardedSettings.some(under)) return true
  if (kind === 'volume') return under('/etc')
  const parts = path.split('/')
  return parts.length < 3 || (under('/etc') && parts.length < 4)
}

/** `path:options`; a size must be said, and beside it only an owner and a mode can be. */
export function tmpfsFault(line: string): boolean {
  const match = /^([^:]+):size=\d{1,5}m(?:,(?:uid=\d{1,5}|gid=\d{1,5}|mode=[0-7]{3,4}))*$/.exec(line)
  return match === null || mountFault(match[1] ?? '', 'volume')
}
