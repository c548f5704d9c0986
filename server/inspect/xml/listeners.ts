import type { XmlVisitor } from './visitor.ts'

type Handlers<Kind extends 'open' | 'close' | 'text' | 'attribute'> = NonNullable<XmlVisitor[Kind]>[string][]

/** Who wants to be told of one local name. */
export type Listeners = {
  open: Handlers<'open'>
  close: Handlers<'close'>
  text: Handlers<'text'>
  attribute: Handlers<'attribute'>
}

/** Most names: nobody asks for them. */
export const NOBODY: Listeners = { open: [], close: [], text: [], attribute: [] }

/** All that the visitors ask for, by local name. */
export const listenersOf = (visitors: XmlVisitor[]): ReadonlyMap<string, Listeners> => {
  const all = new Map<string, Listeners>()
  const of = (local: string): Listeners => {
    const known = all.get(local)
    if (known !== undefined) return known
    const made: Listeners = { open: [], close: [], text: [], attribute: [] }
    all.set(local, made)
    return made
  }
  for (const visitor of visitors) {
    for (const [local, take] of Object.entries(visitor.open ?? {})) of(local).open.push(take)
    for (const [local, take] of Object.entries(visitor.close ?? {})) of(local).close.push(take)
    for (const [local, take] of Object.entries(visitor.text ?? {})) of(local).text.push(take)
    for (const [local, take] of Object.entries(visitor.attribute ?? {})) of(local).attribute.push(take)
  }
  return all
}
