import { type Static, type TProperties, type TSchema, Type } from 'typebox'

/** What a request may say: anything not named is refused (product.md). */
export const Body = <P extends TProperties>(properties: P) => Type.Object(properties, { additionalProperties: false })

/** What an answer says: anything not named is left out by the serializer, so nothing leaks. */
export const Answer = <P extends TProperties>(properties: P, id?: string) =>
  Type.Object(properties, id === undefined ? {} : { title: id })

/** 22 characters of base64url: 16 random bytes. */
export const Id = Type.String({
  pattern: '^[A-Za-z0-9_-]{22}$',
  minLength: 22,
  maxLength: 22,
  description: 'Id: base64url of 16 random bytes',
})

/** RFC 3339, UTC, milliseconds. */
export const Time = Type.String({ format: 'date-time', description: 'RFC 3339, UTC' })

export const Nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])

/** One line of text a person wrote: no control characters, so no NUL, CR or LF reaches a header, a mail or a terminal. */
export const Line = (minLength: number, maxLength: number, description: string) =>
  Type.String({ minLength, maxLength, pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$', description })

/** Text a person wrote, in lines: no control characters but the line feed. */
export const Lines = (maxLength: number, description: string) =>
  Type.String({ minLength: 1, maxLength, pattern: '^[^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f]*$', description })

export const Email = Type.String({
  minLength: 3,
  maxLength: 254,
  pattern: '^[^\\s@]+@[^\\s@]+$',
  description: 'E-mail address',
})

/** The length rule (8–128 code points) is judged by the server, with a sentence; this bound only stops floods. */
export const Password = Type.String({ minLength: 1, maxLength: 1024, description: '8 to 128 characters' })

/** A mail or set-up token: base64url of 32 random bytes. Wrong shapes get the same answer as unknown ones. */
export const Token = Type.String({
  minLength: 1,
  maxLength: 128,
  description: 'Token from a mail or from the first start',
})

export const IdParams = Body({ id: Id })

export const Paging = {
  limit: Type.Optional(Type.String({ pattern: '^[0-9]{1,4}$', description: '1 to 200, 50 unless told' })),
  cursor: Type.Optional(Type.String({ maxLength: 200, description: 'next_cursor of the page before' })),
}

/** Query of a list that has no filter. */
export const ListOnly = Body({ ...Paging })

export const Page = <S extends TSchema>(item: S) =>
  Answer({ items: Type.Array(item), next_cursor: Nullable(Type.String()) })

export const Empty = Type.Null({ description: 'No content' })

export type { Static }
