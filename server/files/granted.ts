import { type Expression, type ExpressionBuilder, sql } from 'kysely'
import type { Schema } from '../db/schema.ts'

/** The `subject` of a grant; `file_audience` holds one row per file and subject. */
export const everyone = 'everyone'
export const groupSubject = (groupId: string) => `group:${groupId}`
export const clientSubject = (clientId: string) => `client:${clientId}`

/** That the subject of the row called `grant` names the client: directly, by a group, or with everyone. */
export const namesClient = (client: string | Expression<string>) => sql<boolean>`(
  "grant".subject = ${everyone} or "grant".subject = 'client:' || ${client} or "grant".subject in (
    select 'group:' || group_members.group_id from group_members where group_members.account_id = ${client}))`

/**
 * The one place that says who may see a file: the SQL condition "`clientId` is in the audience of `files.id`". Used inside
 * every statement that lists, issues or redeems, so that a withdrawal acts on the very next one.
 */
export const grantedTo = (eb: ExpressionBuilder<Schema, 'files'>, clientId: string | Expression<string>) =>
  eb.exists(
    eb
      .selectFrom('file_audience as grant')
      .select(sql<number>`1`.as('one'))
      .whereRef('grant.file_id', '=', 'files.id')
      .where(namesClient(clientId)),
  )
