/**
 * The globals of PocketBase 0.40.4's JS runtime that we use, and no others. `any` ends here: the files
 * of this folder turn it into typed values. One system test checks that each of them exists.
 */
declare const __hooks: string
declare const $app: PbApp
declare const $security: {
  encrypt(text: string, key: string): string
  decrypt(cipher: string, key: string): string
  sha256(text: string): string
  hs256(text: string, secret: string): string
  randomString(length: number): string
  randomStringWithAlphabet(length: number, alphabet: string): string
}
declare const $http: {
  send(request: { method: string; url: string; headers: Record<string, string>; body: string; timeout: number }): PbHttpResult
}
declare const $os: { getenv(name: string): string; stat(path: string): { size(): number } }
declare const process: { env: Record<string, string> }
declare const $apis: { gzip(): PbMiddleware; requireAuth(...collections: string[]): PbMiddleware; bodyLimit(bytes: number): PbMiddleware }

type PbMiddleware = { readonly __middleware: unique symbol }
type PbHttpResult = { statusCode: number; headers: Record<string, string[]>; body: unknown }

interface PbRecord {
  id: string
  get(name: string): unknown
  getString(name: string): string
  getInt(name: string): number
  getBool(name: string): boolean
  set(name: string, value: unknown): void
  original(): PbRecord
  isNew(): boolean
  isSuperuser(): boolean
  ignoreUnchangedFields(state: boolean): void
  withCustomData(state: boolean): PbRecord
  hide(...fields: string[]): PbRecord
  collection(): { name: string }
  publicExport(): Record<string, unknown>
}

interface PbSettings {
  meta: { appURL: string }
}

interface PbQuery {
  bind(params: Record<string, unknown>): PbQuery
  execute(): { rowsAffected(): number }
  all(target: unknown): void
  one(target: unknown): void
}

interface PbApp {
  db(): { newQuery(sql: string): PbQuery }
  store(): { get(key: string): unknown; set(key: string, value: string | number | boolean): void }
  save(model: PbRecord | PbSettings): void
  settings(): PbSettings
  delete(record: PbRecord): void
  findRecordById(collection: string, id: string): PbRecord
  findCollectionByNameOrId(name: string): unknown
  runInTransaction(work: (tx: PbApp) => void): void
  isTransactional(): boolean
  logger(): {
    info(message: string, ...pairs: unknown[]): void
    warn(message: string, ...pairs: unknown[]): void
    error(message: string, ...pairs: unknown[]): void
  }
  cron(): { setInterval(nanoseconds: number): void }
  onServe(): { bindFunc(handler: (e: PbEvent) => void): void }
  dataDir(): string
}

interface PbRecordEvent {
  app: PbApp
  record: PbRecord
  next(): void
}

interface PbEnrichEvent extends PbRecordEvent {
  requestInfo: { auth: PbRecord | null }
}

interface PbRequestInfo {
  body: Record<string, unknown>
  headers: Record<string, string>
  query: Record<string, string>
}

interface PbRecordRequestEvent extends PbRecordEvent {
  auth: PbRecord | null
  requestEvent: { request: { body: unknown } }
  requestInfo(): PbRequestInfo
  noContent(status: number): void
  json(status: number, body: unknown): void
}

interface PbRouteEvent {
  app: PbApp
  auth: PbRecord | null
  request: { pathValue(name: string): string; header: { get(name: string): string } }
  response: { header(): { set(name: string, value: string): void } }
  requestInfo(): PbRequestInfo
  json(status: number, body: unknown): void
  noContent(status: number): void
  next(): void
}

interface PbEvent { app: PbApp; next(): void }

declare class DynamicModel { constructor(shape: object); [key: string]: unknown }
declare function arrayOf<T>(model: T): T[]

declare class ValidationError { constructor(code: string, message: string) }
declare class BadRequestError { constructor(message: string, fields?: object) }
declare class ForbiddenError { constructor(message: string, fields?: object) }
declare class NotFoundError { constructor(message: string) }
declare class UnauthorizedError { constructor(message: string) }
declare class ApiError { constructor(status: number, message: string, fields?: object) }
declare const Record: new (collection: unknown) => PbRecord
declare class Timezone { constructor(name: string); string(): string }
declare function sleep(milliseconds: number): void
declare function toString(bytes: unknown, max?: number): string
declare function require(path: string): any

type PbHandler<E> = (e: E) => void
declare function onRecordCreateRequest(handler: PbHandler<PbRecordRequestEvent>, ...collections: string[]): void
declare function onRecordUpdateRequest(handler: PbHandler<PbRecordRequestEvent>, ...collections: string[]): void
declare function onRecordDeleteRequest(handler: PbHandler<PbRecordRequestEvent>, ...collections: string[]): void
declare function onRecordCreate(handler: PbHandler<PbRecordEvent>, ...collections: string[]): void
declare function onRecordUpdate(handler: PbHandler<PbRecordEvent>, ...collections: string[]): void
declare function onRecordDelete(handler: PbHandler<PbRecordEvent>, ...collections: string[]): void
declare function onRecordEnrich(handler: PbHandler<PbEnrichEvent>, ...collections: string[]): void
declare function onTerminate(handler: PbHandler<PbEvent>): void
declare function routerAdd(method: string, path: string, handler: PbHandler<PbRouteEvent>, ...middlewares: PbMiddleware[]): void
declare function routerUse(...middlewares: (PbMiddleware | PbHandler<PbRouteEvent>)[]): void
declare function cronAdd(id: string, expression: string, handler: () => void): void
declare const Buffer: { from(text: string): { toString(encoding: 'base64'): string } }
