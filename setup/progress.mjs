// One line per wait: rewritten in place on a terminal, a new line every few seconds elsewhere.
const tickTerminalMs = 250
const tickLogMs = 5000

/**
 * Shows that something is going on until it ends, whatever way it ends.
 * @template T
 * @param {string} what for example "installing the dependencies"
 * @param {(note: (text: string) => void) => Promise<T>} work gets a function for the text behind the seconds
 * @returns {Promise<T>} what `work` gives
 */
export async function progress(what, work) {
  const started = Date.now()
  const terminal = process.stdout.isTTY === true
  let note = ''
  const seconds = () => ((Date.now() - started) / 1000).toFixed(0)
  const line = () => `  ${what} … ${seconds()} s${note === '' ? '' : `  ${note}`}`
  const show = () => process.stdout.write(terminal ? `\r\x1b[K${line()}` : `${line()}\n`)
  show()
  const timer = setInterval(show, terminal ? tickTerminalMs : tickLogMs)
  try {
    return await work((text) => { note = text })
  } finally {
    clearInterval(timer)
    if (terminal) process.stdout.write('\r\x1b[K')
  }
}
