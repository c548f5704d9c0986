import { Type } from 'typebox'
import { Answer, Id, type Static, Time } from './wire.ts'

/** A resumable upload that is not a file yet; its id becomes the file's. */
export const Upload = Answer(
  {
    id: Id,
    name: Type.String(),
    size: Type.Integer({ description: 'bytes announced' }),
    offset: Type.Integer({ description: 'bytes that are safe here' }),
    expires_at: Time,
  },
  'Upload',
)
export type Upload = Static<typeof Upload>

/** One's own, newest first: they are few. */
export const Uploads = Answer({ items: Type.Array(Upload) }, 'Uploads')
