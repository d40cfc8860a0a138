import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { TemplateVersion } from '../../pb_hooks_src/catalogue/template.ts'
import { catalogue, failureOf, specOf } from '../server.ts'
import type { Failure, VersionRecord } from '../server.ts'
import { learn, pick, say } from '../words.ts'
import { Link, go } from '../router.tsx'
import { Badge } from '../parts/badge.tsx'
import { Failed, Note, Skeleton } from '../parts/states.tsx'
import { DeployForm } from './deploy-form.tsx'
import { deployWords } from '../words/deploy.ts'

learn(deployWords)

/** The way to a new bot: choose a version, then say what it needs. */
export function Deploy({ version }: { version: string }) {
  return version === '' ? <Choose /> : <Chosen key={version} id={version} />
}

function Choose() {
  const versions = useSignal<readonly VersionRecord[] | null>(null)
  const failure = useSignal<Failure | null>(null)
  const read = () => catalogue().then(
    (found) => { versions.value = newest(found); failure.value = null },
    (error: unknown) => { failure.value = failureOf(error) },
  )
  useEffect(() => { void read() }, [])
  useEffect(() => { document.title = `${say('choose_title')} · ${say('product')}` })
  return (
    <div class="page">
      <div class="head">
        <h1 tabIndex={-1}>{say('choose_title')}</h1>
        <p>{say('choose_lead')}</p>
      </div>
      {failure.value !== null && <Failed failure={failure.value} onAgain={read} />}
      {versions.value === null && failure.value === null && <Skeleton />}
      {versions.value?.length === 0 && <p class="soft">{say('no_templates')}</p>}
      <div class="cards">{versions.value?.map((one) => <TemplateCard key={one.id} version={one} />)}</div>
    </div>
  )
}

/** What most people come for goes first. */
const categories = ['assistant', 'workflow', 'developer', 'custom']

/** The newest version of each template that takes new bots; a published one goes before a newer one that is not ready. */
function newest(versions: readonly VersionRecord[]): VersionRecord[] {
  const best = new Map<string, VersionRecord>()
  for (const one of versions) {
    if (one.expand?.template?.visibility === 'retired') continue
    const other = best.get(one.template)
    const better = other === undefined || (one.published !== other.published ? one.published : one.version > other.version)
    if (better) best.set(one.template, one)
  }
  const name = (one: VersionRecord) => pick(one.expand?.template?.name)
  const rank = (one: VersionRecord) => categories.indexOf(one.expand?.template?.category ?? '')
  return [...best.values()].sort((a, b) => Number(b.published) - Number(a.published) || rank(a) - rank(b) || name(a).localeCompare(name(b)))
}

function TemplateCard({ version }: { version: VersionRecord }) {
  const template = version.expand?.template
  if (template === undefined) return null
  const name = pick(template.name)
  return (
    <button type="button" class="choice" disabled={!version.published} data-testid="template-card" data-slug={template.slug}
      onClick={() => go({ page: 'deploy', version: version.id })}>
      <span class="row">
        <span class="mark" aria-hidden="true">{name.slice(0, 1)}</span>
        <span class="push" />
        {version.channel === 'lts' && <Badge tone="good" word={say('channel_lts')} />}
        {version.channel === 'edge' && <Badge tone="warn" word={say('channel_edge')} />}
        {!version.published && <Badge tone="off" word={say('not_ready')} />}
      </span>
      <strong>{name}</strong>
      <span class="small soft">{pick(template.summary)}</span>
      <span class="small soft figures">
        {say('version_of', { version: version.app_version })}
        {template.publisher !== '' && ` · ${say('by', { publisher: template.publisher })}`}
      </span>
      {!version.published && version.note !== '' && <span class="small">{version.note}</span>}
    </button>
  )
}

function Chosen({ id }: { id: string }) {
  const spec = useSignal<TemplateVersion | null>(null)
  const record = useSignal<VersionRecord | undefined>(undefined)
  const failure = useSignal<Failure | null>(null)
  const read = async () => {
    try {
      const [versions, whole] = await Promise.all([catalogue(), specOf(id)])
      record.value = versions.find((one) => one.id === id)
      spec.value = whole
      failure.value = null
    } catch (error) {
      failure.value = failureOf(error)
    }
  }
  useEffect(() => { void read() }, [])
  const template = record.value?.expand?.template
  const title = say('deploy_title', { template: pick(template?.name) })
  useEffect(() => { document.title = `${title} · ${say('product')}` })
  const before = pick(spec.value?.instructions.before)
  return (
    <div class="page narrow">
      <div class="head">
        <Link class="small" to={{ page: 'deploy', version: '' }}>← {say('other_template')}</Link>
        <div class="stack tight">
          <h1 tabIndex={-1}>{spec.value === null ? say('loading') : title}</h1>
          <p class="soft">{pick(template?.summary)}</p>
        </div>
      </div>
      {failure.value !== null && <Failed failure={failure.value} onAgain={read} />}
      {before !== '' && <Note tone="moving">{before}</Note>}
      {spec.value === null && failure.value === null && <Skeleton lines={6} />}
      {spec.value !== null && <DeployForm versionId={id} version={spec.value} template={template} />}
    </div>
  )
}
