import { fileURLToPath } from 'node:url'

/** Built, all code stands in `dist/node`; as it is, this file stands in `server`. */
const built = !import.meta.url.endsWith('.ts')
const at = (path: string): URL => new URL(path, new URL(built ? '../../' : '../', import.meta.url))

/** The pages, as `npm run build` leaves them. */
export const WEB_FOLDER = fileURLToPath(at('dist/web'))

/** What a worker thread that inspects files runs. */
export const INSPECT_WORKER = at(built ? 'dist/node/inspect-worker.js' : 'server/inspect/worker.ts')

/** Compiled code, kept beside the packages: the second start is the fast one. */
export const CODE_CACHE = fileURLToPath(at('node_modules/.cache/valise'))
