import { begun, CHUNK, metadata, TUS, UPLOADS } from '../files/tus.ts'
import { type Case, type Make, OPS_ALL, OPS_OWN } from './10-making.ts'

const at: Make = async () => ({ path: UPLOADS })

/** What arrives is its sender's alone: not there for anybody else, administrators included. */
const OTHERS_UPLOAD = '401 401 403 404 404 401 401'

/** The rows of resumable uploads. */
export const uploadCases: Case[] = [
  { route: 'GET /api/v1/ops/uploads', expect: OPS_ALL, make: at },
  { route: 'OPTIONS /api/v1/ops/uploads', expect: OPS_ALL, make: at },
  {
    route: 'POST /api/v1/ops/uploads',
    expect: OPS_ALL,
    make: async w => ({
      path: UPLOADS,
      headers: { ...TUS, 'upload-length': '5', 'upload-metadata': metadata({ filename: `${w.fresh('part')}.docx` }) },
    }),
  },
  ...(['HEAD', 'PATCH', 'DELETE'] as const).flatMap((method): Case[] => {
    const headers = method === 'PATCH' ? { ...CHUNK, 'upload-offset': '0' } : TUS
    const make =
      (own: boolean): Make =>
      async (w, actor) => ({
        path: await begun((own ? (actor ?? w.owner) : w.owner).client, 5, {
          filename: `Zebra ${w.fresh('part')}.docx`,
        }),
        headers,
      })
    const route = `${method} /api/v1/ops/uploads/:id`
    return [
      { route, expect: OTHERS_UPLOAD, make: make(false) },
      { route, what: 'own', expect: OPS_OWN, make: make(true) },
    ]
  }),
]
