import type { Shape } from './shapes.ts'
import type { Who, World } from './world.ts'

/** A valid request, what it is answered with, and everything else that the contract says of the route. */
export type Row = {
  route: string
  who: Who
  path?: (w: World) => Promise<string>
  json?: (w: World) => Promise<unknown>
  /** A session of its own, for requests that end it. */
  token?: (w: World) => Promise<string>
  status: number
  shape: Shape | undefined
  also?: (w: World, path: string) => Promise<void>
}

export const nowhere = 'AAAAAAAAAAAAAAAAAAAAAA'
export const get = (route: string, who: Who, of: Shape, also?: Row['also']): Row => ({
  route: `GET ${route}`,
  who,
  status: 200,
  shape: of,
  also,
})
