/** What a sweep writes; a form that was opened earlier carries it as it was then. */
const sweptFields = ['reachable', 'status_message', 'swept_at']

/** `onRecordUpdateRequest` of servers: whatever the form carried, what the sweep found stays as it is. */
export function serverUpdateRequested(e: PbRecordRequestEvent): void {
  const before = e.record.original()
  for (const field of sweptFields) e.record.set(field, before.getString(field))
  e.next()
}

/** `onRecordUpdate` of servers: only what changed is written, so that an edit and a sweep do not undo each other. */
export function serverUpdating(e: PbRecordEvent): void {
  e.record.ignoreUnchangedFields(true)
  e.next()
}
