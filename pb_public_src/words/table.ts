import { botWords } from './bot.ts'
import { deployWords } from './deploy.ts'
import { operatorWords } from './operator.ts'
import { shellWords } from './shell.ts'

/** Every sentence of the portal, German first, English second. */
export const table = { ...shellWords, ...deployWords, ...botWords, ...operatorWords } as const
