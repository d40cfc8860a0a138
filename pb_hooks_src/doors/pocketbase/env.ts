/** What the operator sets, read fresh at each use: nothing of it is ever stored in a record. */
export function env(name: string, otherwise = ''): string {
  const value = $os.getenv(name)
  return value === '' ? otherwise : value
}

/** A whole number from the environment; anything else is `otherwise`. */
export function envInt(name: string, otherwise: number): number {
  const value = Number(env(name))
  return env(name) !== '' && Number.isInteger(value) && value >= 0 ? value : otherwise
}

/** Address and token of a Coolify connection. `default` has plain names, others carry theirs: COOLIFY_EAST_URL. */
export function connectionSettings(name: string): { url: string; token: string } {
  const prefix = name === 'default' ? 'COOLIFY' : `COOLIFY_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`
  return { url: env(`${prefix}_URL`).replace(/\/+$/, ''), token: env(`${prefix}_TOKEN`) }
}

/** Values that templates may ask of the platform (questions of kind `platform`). */
export function platformValues(): { llm_base_url: string; llm_key: string; llm_model: string } {
  return {
    llm_base_url: env('LLM_ROUTER_URL'),
    llm_key: env('LLM_ROUTER_KEY'),
    llm_model: env('LLM_MODEL'),
  }
}

/** Which of them are not set here. */
export function missingValues(): string[] {
  const values: { [name: string]: string } = platformValues()
  return Object.keys(values).filter((name) => values[name] === '')
}

/** `IMAGE_DIGESTS`: comma list of `repository:tag=sha256:…`, for images whose digest the catalogue leaves open. */
export function imageDigests(): { [image: string]: string } {
  const digests: { [image: string]: string } = {}
  for (const entry of env('IMAGE_DIGESTS').split(',')) {
    const [image, digest] = entry.trim().split('=')
    if (image !== undefined && digest !== undefined && /^sha256:[0-9a-f]{64}$/.test(digest)) digests[image] = digest
  }
  return digests
}
