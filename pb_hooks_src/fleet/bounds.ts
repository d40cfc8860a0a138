import type { Phase } from './bot.ts'

/** Every bound of the fleet stands here, with its unit last. */
const second = 1000
const minute = 60 * second

/** How long a phase may last before the bot is observed once more and then called failed. */
export const phaseDeadlineMs: Partial<Record<Phase, number>> = {
  provisioning: 12 * minute,
  starting: 5 * minute,
  updating: 15 * minute,
  restarting: 5 * minute,
  stopping: 5 * minute,
}
/** A create whose answer was lost may still be committed this long after it was sent (client time-out included). */
export const createSettleMs = 40 * second
/** A lifecycle call without an answer is looked at for this long before it is repeated. */
export const commandSettleMs = 25 * second
/** Coolify runs two lifecycle jobs of one service side by side, so the next one waits for the last to begin. */
export const commandQueueMs = 5 * second
/** Coolify ends a start, image pull included, after 600 s (app/Jobs/CoolifyTask.php); a minute of slack. */
export const startJobMs = 11 * minute
/** Coolify's status may stay `exited` this long although the container runs (push de-duplication, force window). */
export const staleExitedMs = 6 * minute
/** `exited` right after a start is normal until the next status push. */
export const exitedToleranceMs = 2 * minute
export const stopRepeatMs = 60 * second
export const removeRepeatMs = 5 * minute
/** Bad observations before a running bot is called degraded; good news needs one. */
export const missesMax = 2
/** Bad observations in a row before a starting bot is called a crash loop. */
export const crashLoopMissesMax = 4
/** How often a start is repeated on its own, each time after twice as long, before a person has to decide. */
export const repeatsMax = 3
export const startsInFlightMax = 2

export const lookAgainMs = 2 * second
export const waitRecheckMs = 15 * second
export const capacityRecheckMs = 30 * second
export const idleRecheckMs = 60 * minute
export const failedRecheckMs = 10 * minute
export const retryDelayMsMin = 2 * second
export const retryDelayMsMax = 5 * minute
/** Pauses between sweeps of a server by how many bots move on it: a person waits for few, the budget for many. */
export const sweepFewMs = 1500
export const sweepSomeMs = 3 * second
export const sweepManyMs = 10 * second
export const sweepQuietMs = 60 * second
export const someMovingMin = 6
export const manyMovingMin = 20
