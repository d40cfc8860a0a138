import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import type PocketBase from 'pocketbase'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startLocalPlatform } from '../../local/coolify/index.ts'
import { startBrowser } from '../support/chromium.ts'
import { makeTenant, makeUser, versionOf } from '../support/people.ts'
import { freePort, startPocketBase, superuser, until, type Server } from '../support/pocketbase.ts'

const pictures = join(dirname(fileURLToPath(import.meta.url)), '../.artefacts')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const token = '1|abcdefghijklmnopqrstuvwxyz0123456789ABCD12345678'
const serverUuid = 'local00000000000000000aa'

let browser: Browser
let server: Server
let platform: Awaited<ReturnType<typeof startLocalPlatform>>
let admin: PocketBase
let dataDir: string

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true })
  dataDir = mkdtempSync(join(tmpdir(), 'agents-platform-'))
  platform = await startLocalPlatform({ dataDir, coolifyPort: await freePort(), routerPort: await freePort(), serverUuid, token })
  server = await startPocketBase({ env: {
    COOLIFY_URL: platform.url, COOLIFY_TOKEN: token, COOLIFY_SERVER_UUID: serverUuid, BOTS_BASE_URL: `http://bots.localhost:${platform.routerPort}`,
    IMAGE_DIGESTS: `registry.cloudfreedom.example/echo-bot:1.0.0=sha256:${'a'.repeat(64)}`,
  } })
  admin = await server.superuser()
  const tenant = await makeTenant(admin, 'walk', 'team')
  await makeUser(admin, 'owner', { tenant: tenant.id, role: 'owner', locale: 'de', name: 'Olga Owner' })
  await makeUser(admin, 'boss', { staff: 'operator', locale: 'de' })
  browser = await startBrowser()
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
  await platform?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

async function open(viewport = { width: 1280, height: 900 }, colorScheme: 'light' | 'dark' = 'light'): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext({ viewport, colorScheme, locale: 'de-DE' })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => { if (message.type() === 'error' && !/40[0-9]|412/.test(message.text())) faults.push(message.text()) })
  page.on('request', (request) => { if (!/^(data:|http:\/\/(127\.0\.0\.1|[a-z0-9-]+\.bots\.localhost)[:/])/.test(request.url())) faults.push(`foreign request ${request.url()}`) })
  return { page, faults }
}

async function signIn(page: Page, name = 'owner'): Promise<void> {
  await page.goto(`${server.url}/app/`)
  await page.getByTestId('signin-email').fill(`${name}@example.com`)
  await page.getByTestId('signin-password').fill(superuser.password)
  await page.getByTestId('signin-submit').click()
}

/** Serious faults that axe finds on the page as it is shown now. */
async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    type Result = { violations: { impact: string; id: string; nodes: { target: string[]; failureSummary: string }[] }[] }
    const result = await (globalThis as unknown as { axe: { run(): Promise<Result> } }).axe.run()
    return result.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes[0]?.target.join(' ')} ${nodes[0]?.failureSummary}`)
  })
}

const botByName = (name: string) => admin.collection('bot_instances').getFirstListItem(`name = "${name}"`)

describe('a customer', () => {
  test('signs in, deploys the echo bot and opens it', async () => {
    const { page, faults } = await open()
    await signIn(page)
    await page.getByTestId('deploy-button').first().click()
    await page.locator('[data-testid=template-card][data-slug=echo]').click()
    await page.getByTestId('field-name').fill('Mein Echo')
    await page.getByTestId('question-GREETING').fill('Grüezi')
    expect(await axeFaults(page)).toEqual([])
    await page.getByTestId('deploy-submit').click()
    await page.locator('[data-testid=bot-status][data-status=running]').waitFor({ timeout: 30_000 })
    await page.screenshot({ path: join(pictures, 'bot.png') })
    const href = await page.getByTestId('open-link').getAttribute('href')
    const bot = await page.context().newPage()
    await bot.goto(href ?? '')
    expect(await bot.textContent('body')).toContain('Grüezi')
    expect(faults).toEqual([])
    expect(await axeFaults(page)).toEqual([])
    await page.context().close()
  })

  test('stops, starts and deletes it, and sees each state live', async () => {
    const { page, faults } = await open()
    await signIn(page)
    const bot = await botByName('Mein Echo')
    await page.locator(`[data-testid=bot-row][data-bot="${bot.id}"]`).waitFor()
    await page.goto(`${server.url}/app/#/bots/${bot.id}`)
    await page.getByTestId('verb-stop').first().click()
    await page.locator('[data-testid=bot-status][data-status=stopped]').waitFor({ timeout: 30_000 })
    await page.getByTestId('verb-start').first().click()
    await page.locator('[data-testid=bot-status][data-status=running]').waitFor({ timeout: 30_000 })
    expect(faults).toEqual([])
    await page.context().close()
  })

  test('gets a wrong entry explained at the field, and nothing is lost', async () => {
    const { page } = await open({ width: 390, height: 844 }, 'dark')
    await signIn(page)
    await page.getByTestId('deploy-button').first().click()
    await page.locator('[data-testid=template-card][data-slug=echo]').click()
    await page.getByTestId('field-name').fill('')
    await page.getByTestId('question-GREETING').fill('Bleibt stehen')
    await page.getByTestId('deploy-submit').click()
    await page.locator('[aria-invalid=true]').first().waitFor()
    expect(await page.getByTestId('question-GREETING').inputValue()).toBe('Bleibt stehen')
    await page.screenshot({ path: join(pictures, 'deploy-390-dark.png') })
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(true)
    expect(await axeFaults(page)).toEqual([])
    await page.context().close()
  })

  test('two windows see each other’s change', async () => {
    const one = await open()
    const two = await open()
    await signIn(one.page)
    await signIn(two.page)
    const bot = await botByName('Mein Echo')
    await two.page.locator(`[data-testid=bot-row][data-bot="${bot.id}"][data-status=running]`).waitFor()
    await one.page.locator(`[data-testid=bot-row][data-bot="${bot.id}"]`).waitFor()
    await one.page.goto(`${server.url}/app/#/bots/${bot.id}`)
    await one.page.getByTestId('verb-stop').first().click()
    await two.page.locator(`[data-testid=bot-row][data-bot="${bot.id}"]:not([data-status=running])`).waitFor({ timeout: 5000 })
    await one.page.context().close()
    await two.page.context().close()
  })
})

test('an operator sees the cockpit, a customer does not', async () => {
  const { page, faults } = await open()
  await signIn(page, 'boss')
  await page.goto(`${server.url}/app/#/cockpit`)
  await page.getByText('Coolify').first().waitFor()
  await page.screenshot({ path: join(pictures, 'cockpit.png') })
  expect(await axeFaults(page)).toEqual([])
  expect(faults).toEqual([])
  await page.context().close()
})

test('the same record, edited in PocketBase’s own dashboard, takes effect', async () => {
  const { page } = await open()
  const tenant = await admin.collection('tenants').getFirstListItem('slug = "walk"')
  const version = await versionOf(admin, 'echo')
  const bot = await admin.collection('bot_instances').create({ tenant: tenant.id, name: 'Vom Admin', template_version: version.id, desired_state: 'running' })
  const reaches = (status: string) => until(status, async () => (await admin.collection('bot_instances').getOne(bot.id))['status'] === status, 30_000)
  await reaches('running')
  await page.goto(`${server.url}/_/`)
  await page.locator('input[type=email]').fill(superuser.email)
  await page.locator('input[type=password]').fill(superuser.password)
  await page.keyboard.press('Enter')
  await page.getByText('Collections').first().waitFor()
  await page.goto(`${server.url}/_/#/collections?collection=bot_instances`)
  await page.locator('table tbody tr', { hasText: bot.id }).first().click()
  const select = page.locator('output[name=desired_state]')
  await select.locator('.selected-container').click()
  await select.locator('.select-option', { hasText: 'stopped' }).click()
  await page.getByText('Save changes').click()
  await reaches('stopped')
  await page.context().close()
})
