/** Bounds of the catalogue: every text, list and number of a template has one. */
export const textLengthMax = 4_000
export const slugLengthMax = 40
export const servicesMax = 6
export const questionsMax = 60
export const optionsMax = 80
export const filesMax = 12
export const volumesMax = 8
export const listMax = 40
export const contentLengthMax = 65_536
export const patternLengthMax = 300
export const portMax = 65_535
/** Linux limits one environment string to 128 KiB; the platform's own files are happier with far less. */
export const valueBytesMax = 32_768
export const answerLengthMax = 8_000
export const variablesMax = 60
export const commandWordsMax = 60
export const cpuMilliMax = 128_000
export const memoryMibMax = 1_048_576
export const diskMibMax = 16_777_216
export const pidsMax = 4_096
export const secondsMax = 3_600
export const generatedBytesMin = 16
export const generatedBytesMax = 64
/** Of every bot's log on its server. */
export const logSize = '10m'
export const logFiles = '3'
