import type { Settings } from './settings.ts'

const safe = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-width:40rem;margin:4rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin:0}small{opacity:.7}form{display:flex;gap:.5rem;margin:2rem 0 1rem}
input{flex:1;min-width:0;padding:.6rem;font:inherit;border:1px solid #8888;border-radius:.5rem}
button{padding:.6rem 1rem;font:inherit;border:0;border-radius:.5rem;background:#2453d6;color:#fff;cursor:pointer}
output{display:block;min-height:1.5rem;white-space:pre-wrap}code{font-size:.9em}`

/** Sends the form as JSON and shows what comes back. */
const script = `const form=document.forms[0];form.addEventListener('submit',async event=>{event.preventDefault();
const out=document.querySelector('output');try{const reply=await fetch('echo',{method:'POST',headers:{'content-type':'application/json'},
body:JSON.stringify({text:form.elements.text.value})});out.textContent=(await reply.json()).text??'…'}catch{out.textContent='—'}})`

/** The bot's one page. Values that may be secret are never shown, only their names. */
export function page(settings: Settings, upSeconds: number, starts: number): string {
  const link = /^https?:\/\//.test(settings.website) ? `<p><a href="${safe(settings.website)}" rel="noopener">${safe(settings.website)}</a></p>` : ''
  const contact = settings.contact === '' ? '' : `<p>Kontakt: ${safe(settings.contact)}</p>`
  const set = settings.set.map((name) => `<code>${safe(name)}</code>`).join(', ') || 'nichts'
  return `<!doctype html><html lang="de"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${safe(settings.name)}</title><style>${style}</style>
<h1>${safe(settings.name)}</h1><small>läuft seit ${upSeconds} s · Start Nr. ${starts}</small>
<form><input name="text" aria-label="Nachricht" placeholder="Schreiben Sie etwas" required><button>Senden</button></form>
<output aria-live="polite">${safe(settings.greeting)}!</output>${link}${contact}<p><small>Eingestellt: ${set}</small></p>
<script>${script}</script></html>`
}
