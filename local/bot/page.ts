import type { Settings } from './settings.ts'

const safe = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 40rem; margin: 4rem auto; padding: 0 1rem }
h1 { font-size: 1.6rem; margin: 0 }
form { display: flex; gap: .5rem; margin: 2rem 0 1rem }
input { flex: 1; min-width: 0; padding: .6rem; font: inherit; border: 1px solid #888; border-radius: .5rem }
button { padding: .6rem 1rem; font: inherit; border: 0; border-radius: .5rem }
button { color: #fff; background: #2453d6; cursor: pointer }
output { display: block; min-height: 1.5rem; white-space: pre-wrap }
`

/** Sends the form as JSON and shows what comes back. */
const script = `
const form = document.forms[0]
const output = document.querySelector('output')
form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ text: form.elements.text.value })
  try {
    const reply = await fetch('echo', { method: 'POST', headers, body })
    output.textContent = (await reply.json()).text ?? '…'
  } catch {
    output.textContent = 'Der Bot antwortet nicht.'
  }
})
`

/** The bot's one page. Of what is configured it shows names only, as some values are secret. */
export function page(settings: Settings, upSeconds: number, starts: number): string {
  const { website, contact, set } = settings
  const name = safe(settings.name)
  const safeLink = /^https?:\/\//.test(website)
  const link = safeLink ? `<p><a href="${safe(website)}" rel="noopener">${safe(website)}</a></p>` : ''
  const names = set.map((key) => `<code>${safe(key)}</code>`).join(', ') || 'nichts'
  return `<!doctype html>
<html lang="de">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name}</title>
<style>${style}</style>
<main>
<h1>${name}</h1>
<small>läuft seit ${upSeconds} s · Start Nr. ${starts}</small>
<form>
<input name="text" aria-label="Nachricht" placeholder="Schreiben Sie etwas" required>
<button>Senden</button>
</form>
<output aria-live="polite">${safe(settings.greeting)}!</output>
${link}${contact === '' ? '' : `<p>Kontakt: ${safe(contact)}</p>`}
<p><small>Eingestellt: ${names}</small></p>
</main>
<script>${script}</script>
</html>
`
}
