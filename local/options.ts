/** What `npm start -- …` was asked for. */
export type Options = { help: boolean; fresh: boolean; watch: boolean; port: number | null }

const portMax = 65_535

export const startHelp = `npm start [-- --fresh] [-- --port N] [-- --watch] [-- --help]
Starts the control plane with demo data and, unless COOLIFY_URL is set in .env, a local stand-in for Coolify.
  --fresh     throws away local/.data and begins anew
  --port N    the portal's port (default 8090, or the one of the last start)
  --watch     builds and restarts when the source changes (npm run dev)
Addresses and passwords are printed and written to local/.data/demo.json. Settings are read from .env.`

/** @throws Error with one sentence for an unknown or incomplete option */
export function parseOptions(args: string[]): Options {
  const options: Options = { help: false, fresh: false, watch: false, port: null }
  for (let at = 0; at < args.length; at++) {
    const [name = '', inline] = (args[at] ?? '').split('=', 2)
    if (name === '--help') options.help = true
    else if (name === '--fresh') options.fresh = true
    else if (name === '--watch') options.watch = true
    else if (name === '--port') {
      const text = inline ?? args[++at] ?? ''
      const port = Number(text)
      if (!/^\d+$/.test(text) || port < 1 || port > portMax) {
        throw new Error(`--port needs a number from 1 to ${portMax}, not "${text}".`)
      }
      options.port = port
    } else throw new Error(`unknown option ${args[at]}; --help shows what there is.`)
  }
  return options
}
