/** See read.mjs. */
export function readCatalogue(folder: string): { slug: string; versions: unknown[]; [key: string]: unknown }[]
/** Answers and secrets with every optional one given, and with none: `{ full, least }`. */
export function readSample(folder: string, slug: string, version: number): Record<'full' | 'least', Sample>
export type Sample = { answers: Record<string, string | number | boolean>; secrets: Record<string, string> }
