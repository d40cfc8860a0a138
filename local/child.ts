import { type ChildProcess, spawn } from 'node:child_process'

/** PocketBase waits up to 8 s for work in flight; a bit more and it is ended the hard way. */
const stopMsMax = 12_000
const keptLinesMax = 400

/** A program that this one started and ends, with everything it started itself. */
export class Child {
  readonly #process: ChildProcess
  readonly #lines: string[] = []
  readonly ended: Promise<number>
  #stopping = false
  #gone = false

  /**
   * @param onLine sees every line of both outputs as it comes
   */
  constructor(file: string, args: string[], env: NodeJS.ProcessEnv, onLine = (_line: string): void => {}) {
    // An own process group: Ctrl-C in the terminal reaches only us, and the group is ended as a whole.
    const detached = process.platform !== 'win32'
    this.#process = spawn(file, args, { env, detached, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [this.#process.stdout, this.#process.stderr]) this.#read(stream, onLine)
    this.ended = new Promise((resolve) => {
      this.#process.once('error', (error) => {
        this.#lines.push(error.message)
        resolve(127)
      })
      this.#process.once('close', (code, signal) => {
        all.delete(this)
        this.#gone = true
        resolve(code ?? (signal === null ? 1 : 128))
      })
    })
    all.add(this)
  }

  get pid(): number { return this.#process.pid ?? 0 }

  /** True from the moment that `stop` was called: an end is then no news. */
  get stopping(): boolean { return this.#stopping }

  /** The last lines that the program wrote, at most `count`. */
  last(count: number): string[] { return this.#lines.slice(-count) }

  /** Asks the program to end, and ends it when it does not. */
  async stop(): Promise<void> {
    this.#stopping = true
    if (this.#gone) return
    this.signal('SIGTERM')
    const timer = setTimeout(() => this.signal('SIGKILL'), stopMsMax)
    await this.ended
    clearTimeout(timer)
    // What it had started itself may outlive it.
    this.signal('SIGKILL')
  }

  signal(name: NodeJS.Signals): void {
    const { pid } = this.#process
    if (pid === undefined) return
    try {
      if (process.platform === 'win32') this.#process.kill(name)
      else process.kill(-pid, name)
    } catch {
      // It has ended already.
    }
  }

  #read(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
    let rest = ''
    stream?.setEncoding('utf8')
    stream?.on('data', (chunk: string) => {
      const lines = (rest + chunk).split(/\r?\n/)
      rest = lines.pop() ?? ''
      for (const line of lines) {
        this.#lines.push(line)
        if (this.#lines.length > keptLinesMax) this.#lines.shift()
        onLine(line)
      }
    })
  }
}

const all = new Set<Child>()
// The last wall: however this process ends by itself, nothing that it started stays behind.
process.on('exit', () => { for (const child of all) child.signal('SIGKILL') })
