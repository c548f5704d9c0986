import { Type } from 'typebox'
import { Answer, Nullable, type Static } from './wire.ts'

const count = Type.Integer()

/** Counted as far as a page may take: with `more` there are at least so many. */
const AtLeast = Answer(
  { count, more: Type.Boolean({ description: 'there may be more: not every file was looked at' }) },
  'AtLeast',
)
export type AtLeast = Static<typeof AtLeast>

/** Of the viewer's own files; for administrators, of all. Days are UTC. */
export const Overview = Answer(
  {
    days: Type.Array(Answer({ day: Type.String({ format: 'date' }), handed_over: count, delivered: count }, 'Day'), {
      description:
        'the last thirty, oldest first; handed_over: files shared for the first time; delivered: file × client. Files deleted since count, too',
    }),
    waiting: Answer({ day: AtLeast, week: AtLeast, month: AtLeast, older: AtLeast }, 'WaitingByAge'),
    expiring: AtLeast,
    pending: Type.Integer({ description: 'files that wait for the malware scanner' }),
    storage: Answer(
      {
        files: count,
        bytes: Type.Integer({ description: 'of documents' }),
        free: Nullable(Type.Integer({ description: 'bytes that may still be stored; for administrators' })),
      },
      'StorageUsed',
    ),
  },
  'Overview',
)
export type Overview = Static<typeof Overview>

/** A setting in force, for administrators to read. Secrets stand as `(set)`. */
export const Setting = Answer(
  {
    name: Type.String(),
    value: Type.String({ description: 'empty: not set' }),
    source: Type.Union([Type.Literal('default'), Type.Literal('environment'), Type.Literal('file')], {
      description: 'file: the environment names a file that holds the value',
    }),
    help: Type.String(),
  },
  'Setting',
)
export type Setting = Static<typeof Setting>
export const Settings = Answer({ items: Type.Array(Setting) })
