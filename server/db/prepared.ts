import type { CompiledQuery, Kysely } from 'kysely'
import type { Schema } from './schema.ts'

type Executes = Pick<Kysely<Schema>, 'getExecutor'>

class Parameter {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/**
 * A statement that is compiled on its first use and from then on only run: on the way of a download, Kysely takes several
 * times as long to write the SQL as the database to obey it. `build` sees stand-ins for the arguments: it may put them where
 * values go, and neither compute with them nor decide by them. `null` cannot be compared by `=`, so arguments that may be
 * null belong in values only. All connections must be of one database.
 */
export const prepared = <Db extends Executes, A extends Record<string, unknown>, O>(
  build: (db: Db, args: A) => { compile: () => CompiledQuery<O> },
) => {
  let made: { query: CompiledQuery<O>; from: (string | undefined)[] } | undefined
  const make = (db: Db) => {
    const standIns = new Proxy(
      {},
      {
        get: (_, name) => new Parameter(String(name)),
        ownKeys: () => {
          throw new TypeError('A prepared statement takes its arguments by name')
        },
      },
    )
    // The builder cannot tell a stand-in from a value, and that is the point.
    const query = build(db, standIns as A).compile()
    return { query, from: query.parameters.map(value => (value instanceof Parameter ? value.name : undefined)) }
  }
  return async (db: Db, args: A): Promise<O[]> => {
    made ??= make(db)
    const { query, from } = made
    const parameters = from.map((name, i) => (name === undefined ? query.parameters[i] : args[name]))
    // Building would ask the transaction whether it is still open; running what was built already would not.
    const executor = db.getExecutor()
    executor.transformQuery(query.query, query.queryId)
    const { rows } = await executor.executeQuery<O>({ ...query, parameters })
    return rows
  }
}
