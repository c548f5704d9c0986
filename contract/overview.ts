import { Type } from 'typebox'
import { Answer, Nullable, type Static } from './wire.ts'

const count = Type.Integer()

/** Of the viewer's own files; for administrators, of all. Days are UTC. */
export const Overview = Answer(
  {
    days: Type.Array(Answer({ day: Type.String({ format: 'date' }), handed_over: count, delivered: count }), {
      description:
        'the last thirty, oldest first; handed_over: files shared for the first time; delivered: file × client',
    }),
    waiting: Answer({ day: count, week: count, month: count, older: count }, 'WaitingByAge'),
    expiring: Type.Integer({ description: 'available files that end within three days and somebody has not fetched' }),
    pending: Type.Integer({ description: 'files that wait for the malware scanner' }),
    storage: Answer({
      files: count,
      bytes: Type.Integer({ description: 'of documents' }),
      free: Nullable(Type.Integer({ description: 'bytes that may still be stored; for administrators' })),
    }),
  },
  'Overview',
)
export type Overview = Static<typeof Overview>

/** A setting in force, for administrators to read. Secrets stand as `(set)`. */
export const Setting = Answer(
  {
    name: Type.String(),
    value: Type.String(),
    source: Type.Union([Type.Literal('default'), Type.Literal('environment')]),
    help: Type.String(),
  },
  'Setting',
)
export const Settings = Answer({ items: Type.Array(Setting) })
