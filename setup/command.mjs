// Runs a program and keeps what it says, for a message when it fails.
import { spawn } from 'node:child_process'

const keptLinesMax = 15

/**
 * @param {string} file program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, shell?: boolean, timeoutMs?: number,
 *   onLine?: (line: string) => void }} [options] `onLine` sees each line of both outputs as it comes
 * @returns {Promise<{ ok: boolean, text: string }>} ok = exit code 0; text = the last lines of both outputs,
 *   or why the program could not be started
 */
export function run(file, args, options = {}) {
  const { onLine, timeoutMs, ...rest } = options
  return new Promise((resolve) => {
    const child = spawn(file, args, { ...rest, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs ?? 0 })
    const kept = []
    const take = (chunk) => {
      for (const line of chunk.split(/\r?\n/).filter((text) => text.trim() !== '')) {
        kept.push(line)
        if (kept.length > keptLinesMax) kept.shift()
        onLine?.(line)
      }
    }
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', take)
    child.on('error', (error) => resolve({ ok: false, text: error.message }))
    child.on('close', (code, signal) => {
      const reason = kept.length > 0 ? kept.join('\n') : `${file} ended with ${signal ?? `code ${code}`}`
      resolve({ ok: code === 0, text: code === 0 ? kept.join('\n') : reason })
    })
  })
}
