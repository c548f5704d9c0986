import type { CompiledQuery } from 'kysely'
import type { Tx } from '../db/schema.ts'

/**
 * A statement that is built and compiled on its first use and from then on only run: for the event of a download, Kysely
 * takes several times as long to write the SQL as the database to obey it. `build` gives the statement with any values in
 * it; `parameters` are the real ones, in the order in which the SQL asks for them. All transactions must be of one database.
 */
export const statement = <O>(build: (tx: Tx) => { compile: () => CompiledQuery<O> }) => {
  let compiled: CompiledQuery<O> | undefined
  return async (tx: Tx, parameters: readonly unknown[]): Promise<O[]> => {
    compiled ??= build(tx).compile()
    if (parameters.length !== compiled.parameters.length) throw new TypeError('The statement takes other parameters')
    // Compiling would ask the transaction whether it is still open; running what is compiled already would not.
    const executor = tx.getExecutor()
    executor.transformQuery(compiled.query, compiled.queryId)
    const { rows } = await executor.executeQuery<O>({ ...compiled, parameters })
    return rows
  }
}
