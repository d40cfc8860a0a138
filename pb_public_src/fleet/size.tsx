import type { TemplateVersion } from '../../pb_hooks_src/catalogue/template.ts'
import type { Word } from '../words.ts'
import { cores, figure, learn, mebibytes, say } from '../words.ts'
import { fits } from './plan.ts'
import type { Rest, Size } from './plan.ts'
import { deployWords } from '../words/deploy.ts'

learn(deployWords)

const largeFactor = 2

/** The sizes that make sense for a version, smallest first, with the bot's own when it differs. */
export function sizesOf(version: TemplateVersion, current: Size | null): { word: Word; size: Size }[] {
  const { min, recommended } = version.resources
  const large: Size = {
    cpu_milli: recommended.cpu_milli * largeFactor, memory_mib: recommended.memory_mib * largeFactor,
    disk_mib: recommended.disk_mib * largeFactor,
  }
  const sizes: { word: Word; size: Size }[] = [
    { word: 'size_small', size: min }, { word: 'size_recommended', size: recommended }, { word: 'size_large', size: large },
  ]
  if (current !== null && !sizes.some(({ size }) => same(size, current))) sizes.unshift({ word: 'size_current', size: current })
  return sizes.filter(({ size }, index) => sizes.findIndex((other) => same(other.size, size)) === index)
}

export function same(one: Size, other: Size): boolean {
  return one.cpu_milli === other.cpu_milli && one.memory_mib === other.memory_mib && one.disk_mib === other.disk_mib
}

type SizePickerProps = {
  sizes: readonly { word: Word; size: Size }[]
  value: Size
  /** Undefined while it is read; null when there is no plan. */
  rest: Rest | null | undefined
  disabled?: boolean
  wrong: string
  onPick: (size: Size) => void
}

/** Sizes as radio cards, and what the plan has left. */
export function SizePicker({ sizes, value, rest, disabled, wrong, onPick }: SizePickerProps) {
  return (
    <fieldset class="card stack">
      <legend class="hidden-text">{say('section_size')}</legend>
      <h2 aria-hidden="true">{say('section_size')}</h2>
      <div class="sizes">
        {sizes.map(({ word, size }) => {
          const over = rest !== null && rest !== undefined && !fits(size, rest)
          return (
            <label key={word}>
              <input type="radio" name="size" checked={same(size, value)} disabled={over || disabled === true}
                onChange={() => onPick(size)} />
              <strong>{say(word)}</strong>
              <span class="small figures">{cores(size.cpu_milli)} · {mebibytes(size.memory_mib)}</span>
              <span class="small soft figures">{say('size_disk', { disk: mebibytes(size.disk_mib) })}</span>
              {over && <span class="small">{say('plan_over')}</span>}
            </label>
          )
        })}
      </div>
      {rest !== null && rest !== undefined && <PlanLeft rest={rest} />}
      {wrong !== '' && <p class="wrong" role="alert">{wrong}</p>}
    </fieldset>
  )
}

function PlanLeft({ rest }: { rest: Rest }) {
  const parts = [
    rest.bots === null ? null : say('plan_left_bots', { count: rest.bots }),
    rest.cpu_milli === null ? null : cores(rest.cpu_milli),
    rest.memory_mib === null ? null : mebibytes(rest.memory_mib),
    rest.disk_mib === null ? null : say('size_disk', { disk: mebibytes(rest.disk_mib) }),
  ].filter((part) => part !== null)
  return (
    <p class="help figures">
      {say('plan_left', { plan: rest.plan })} {parts.length === 0 ? say('plan_unlimited') : parts.join(' · ')}.
      {' '}{say('plan_included')}.
      {rest.priceCents !== null && <> {say('plan_price', { price: figure(rest.priceCents / 100) })}</>}
    </p>
  )
}
