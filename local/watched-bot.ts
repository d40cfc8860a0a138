import type PocketBase from 'pocketbase'
import type { RecordModel, UnsubscribeFunc } from 'pocketbase'

/** Fields of a `bot_instances` record that a client looks at. */
export type BotRecord = RecordModel & {
  name: string
  url: string
  status: string
  status_reason: string
  generation: number
  observed_generation: number
  revision: number
}

type Reached = (bot: BotRecord, gone: boolean) => boolean

const readEveryMs = 2000

/**
 * A bot record kept fresh by realtime, with a slow re-read beside it: events that come while a connection is
 * being made anew are lost.
 */
export class WatchedBot {
  readonly #pb: PocketBase
  readonly #onPhase: (bot: BotRecord) => void
  readonly #waiting = new Set<() => void>()
  #bot: BotRecord
  #gone = false
  #phase = ''
  #unsubscribe: UnsubscribeFunc = async () => {}
  #timer: NodeJS.Timeout | undefined

  private constructor(pb: PocketBase, bot: BotRecord, onPhase: (bot: BotRecord) => void) {
    this.#pb = pb
    this.#bot = bot
    this.#onPhase = onPhase
  }

  /** @param onPhase called whenever the status has changed */
  static async open(pb: PocketBase, bot: BotRecord, onPhase: (bot: BotRecord) => void): Promise<WatchedBot> {
    const watched = new WatchedBot(pb, bot, onPhase)
    const bots = pb.collection('bot_instances')
    watched.#unsubscribe = await bots.subscribe<BotRecord>(bot.id, ({ action, record }) => {
      watched.take(action === 'delete' ? null : record)
    })
    watched.#timer = setInterval(() => void watched.read(), readEveryMs)
    await watched.read()
    return watched
  }

  get bot(): BotRecord { return this.#bot }

  /** What an answer, an event or a re-read brought; null = the record is gone. Older ones are ignored. */
  take(bot: BotRecord | null): void {
    if (bot === null) this.#gone = true
    else if (bot.generation >= this.#bot.generation && bot.updated >= this.#bot.updated) this.#bot = bot
    if (!this.#gone && this.#bot.status !== this.#phase) {
      this.#phase = this.#bot.status
      this.#onPhase(this.#bot)
    }
    for (const look of this.#waiting) look()
  }

  async read(): Promise<void> {
    try {
      this.take(await this.#pb.collection('bot_instances').getOne<BotRecord>(this.#bot.id))
    } catch (error) {
      if ((error as { status?: number }).status === 404) this.take(null)
    }
  }

  /** @throws Error when it does not come true in time, or the bot fails meanwhile */
  async until(what: string, timeMs: number, reached: Reached): Promise<void> {
    let look = () => {}
    let timer: NodeJS.Timeout | undefined
    try {
      await new Promise<void>((resolve, reject) => {
        look = () => {
          const { status, status_reason: reason, generation, observed_generation: observed } = this.#bot
          if (reached(this.#bot, this.#gone)) resolve()
          else if (this.#gone) reject(new Error(`the bot vanished before it was ${what}`))
          else if (status === 'failed' && observed === generation) {
            reject(new Error(`the bot failed: ${reason}`))
          }
        }
        timer = setTimeout(() => {
          const { status, status_reason: reason } = this.#bot
          const now = `it is ${status} (${reason || 'no reason given'})`
          reject(new Error(`the bot was not ${what} after ${timeMs / 1000} s; ${now}`))
        }, timeMs)
        this.#waiting.add(look)
        look()
      })
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(look)
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#unsubscribe()
  }
}
