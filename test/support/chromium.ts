import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const usual = [
  '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable', '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** Where Chromium is on this machine; null when there is none. `CHROMIUM_BIN` goes first. */
export function chromiumPath(): string | null {
  return [process.env['CHROMIUM_BIN'] ?? '', ...usual].find((path) => path !== '' && existsSync(path)) ?? null
}

/** A headless Chromium that talks to nobody but the pages under test. */
export function startBrowser(): Promise<Browser> {
  const executablePath = chromiumPath()
  if (executablePath === null) throw new Error('No Chromium was found. Install one (Debian: apt-get install chromium) or set CHROMIUM_BIN.')
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
}
