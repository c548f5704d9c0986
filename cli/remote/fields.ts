/**
 * Reads what this program needs out of an answer, and nothing it was not given: a missing or wrong field is its empty value.
 * By hand, because the contract's schemas would take longer to load than most commands run.
 */
export type Fields = ReadonlyMap<string, unknown>

/** The members of a JSON object; undefined for anything else. */
export const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? new Map(Object.entries(value)) : undefined

export const textOf = (fields: Fields | undefined, name: string): string => {
  const value = fields?.get(name)
  return typeof value === 'string' ? value : ''
}

export const numberOf = (fields: Fields | undefined, name: string): number => {
  const value = fields?.get(name)
  return typeof value === 'number' ? value : Number.NaN
}

/** The objects of an array; others are left out. */
export const listOf = (fields: Fields | undefined, name: string): Fields[] => {
  const value: unknown = fields?.get(name)
  return Array.isArray(value) ? value.flatMap(item => fieldsOf(item) ?? []) : []
}
