/**
 * Takes pictures of every screen of the portal, wide and narrow, light and dark, with axe run on each, against a
 * running `npm start`. A script to look at screens, no test: it fails only where a screen cannot be reached.
 * Usage: npm run pictures [-- FOLDER]
 */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { startBrowser } from '../support/chromium.ts'

type Axe = { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
type Account = { email: string; password: string }
type Demo = { portal_url: string; customer: Account; operator: Account }

const folder = process.argv[2] ?? 'test/.artefacts/pictures'
const demo = JSON.parse(readFileSync(process.env['DEMO_JSON'] ?? 'local/.data/demo.json', 'utf8')) as Demo
const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8')
const sizes = [{ width: 1280, height: 860 }, { width: 390, height: 844 }]
const runningMsMax = 60_000
/** Themes and toasts fade; a picture in between shows neither. */
const settleMs = 250

let troubles = 0

/** One screen in all four looks. */
async function shoot(page: Page, name: string): Promise<void> {
  for (const viewport of sizes) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(viewport)
      await page.emulateMedia({ colorScheme })
      await page.waitForTimeout(settleMs)
      await page.screenshot({ path: join(folder, `${name}-${viewport.width}-${colorScheme}.png`), fullPage: true })
      await judge(page, `${name} ${viewport.width} ${colorScheme}`)
    }
  }
  await page.setViewportSize(sizes[0] as { width: number; height: number })
}

/** Accessibility faults, and anything that is wider than the screen. */
async function judge(page: Page, where: string): Promise<void> {
  await page.evaluate(axe)
  const found = await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run()
    const wide = document.documentElement.scrollWidth - innerWidth
    const faults = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)
    return wide > 0 ? [...faults, `${wide} px too wide`] : faults
  })
  for (const fault of found) console.log(`  ${where}: ${fault}`)
  troubles += found.length
}

async function open(browser: Browser, account: Account): Promise<Page> {
  const context = await browser.newContext({ locale: 'de-DE', reducedMotion: 'reduce' })
  const page = await context.newPage()
  const remark = (text: string) => { troubles += 1; console.log(`  ${text}`) }
  page.on('console', (message) => { if (message.type() === 'error') remark(`console: ${message.text()}`) })
  page.on('pageerror', (error) => remark(`page: ${error.message}`))
  await page.goto(demo.portal_url)
  await page.getByTestId('signin-email').fill(account.email)
  return page
}

async function enter(page: Page, account: Account): Promise<void> {
  await page.getByTestId('signin-password').fill(account.password)
  await page.getByTestId('signin-submit').click()
  await page.getByTestId('signin-submit').waitFor({ state: 'detached' })
}

async function customer(browser: Browser): Promise<void> {
  const page = await open(browser, demo.customer)
  await page.getByTestId('signin-submit').click()
  await shoot(page, '1-signin')
  await enter(page, demo.customer)
  await page.locator('main h1').waitFor()
  await page.getByTestId('deploy-button').first().waitFor()
  await shoot(page, '2-list')
  await page.getByTestId('deploy-button').first().click()
  await page.getByTestId('template-card').first().waitFor()
  await shoot(page, '3-choose')
  await page.locator('[data-testid="template-card"][data-slug="echo"]').click()
  await page.getByTestId('field-name').fill('')
  await page.getByTestId('deploy-submit').click()
  await shoot(page, '4-form')
  const name = `Bild ${Date.now().toString(36)}`
  await page.getByTestId('field-name').fill(name)
  await page.getByTestId('deploy-submit').click()
  await page.getByTestId('bot-status').first().waitFor()
  await page.screenshot({ path: join(folder, '5-under-way.png') })
  await page.locator('[data-testid="bot-status"][data-status="running"]').waitFor({ timeout: runningMsMax })
  await shoot(page, '6-overview')
  const bot = page.url().replace(/(#\/bots\/[^/]+).*/, '$1')
  await page.goto(`${bot}/logs`)
  await page.getByTestId('log-lines').first().waitFor()
  await page.waitForTimeout(4000)
  await shoot(page, '7-logs')
  await page.goto(`${bot}/settings`)
  await page.getByTestId('settings-save').waitFor()
  await shoot(page, '8-settings')
  await page.getByTestId('delete-open').click()
  await shoot(page, '9-delete')
  await page.getByTestId('delete-confirm-name').fill(name)
  await page.getByTestId('delete-submit').click()
  await page.getByTestId('deploy-button').first().waitFor()
  await page.waitForTimeout(1000)
  await shoot(page, '10-after')
}

async function operator(browser: Browser): Promise<void> {
  const page = await open(browser, demo.operator)
  await enter(page, demo.operator)
  await page.goto(`${demo.portal_url}#/cockpit`)
  await page.locator('main h1').waitFor()
  await page.waitForTimeout(1500)
  await shoot(page, '11-cockpit')
}

mkdirSync(folder, { recursive: true })
const browser = await startBrowser()
try {
  await customer(browser)
  await operator(browser)
} finally {
  await browser.close()
}
console.log(`pictures in ${folder}, ${troubles} remarks`)
