import { en } from './en.ts'

/** The words the pages speak. Another language is another catalogue of the same shape, chosen here. */
export const text: Messages = en

export type Messages = typeof en
