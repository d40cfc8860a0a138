type DescribedProps = { id: string; help?: string | undefined; wrong?: string | undefined }

/** The ids of a control's help and refusal that exist, for aria-describedby. */
export function describedBy({ id, help, wrong }: DescribedProps): string | undefined {
  const ids = [help ? `${id}-help` : '', wrong ? `${id}-wrong` : ''].filter((part) => part !== '')
  return ids.length === 0 ? undefined : ids.join(' ')
}

/** Help and refusal under a control. */
export function Described({ id, help, wrong }: DescribedProps) {
  return (
    <>
      {help !== undefined && help !== '' && <p class="help" id={`${id}-help`}>{help}</p>}
      {wrong !== undefined && wrong !== '' && <p class="wrong" id={`${id}-wrong`} role="alert">{wrong}</p>}
    </>
  )
}
