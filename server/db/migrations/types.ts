/** What differs between the databases in a column's type. */
export type ColumnTypes = { int: 'integer' | 'bigint'; bytes: 'blob' | 'bytea' }
