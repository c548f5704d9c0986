import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'vite'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** A node of a syntax tree (ESTree, with TypeScript and JSX). */
export type Node = { type: string } & Record<string, unknown>

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

export const childrenOf = (node: Node): Node[] => Object.values(node).flat().filter(isNode)

const below = (node: Node): Node[] => [node, ...childrenOf(node).flatMap(below)]

/** Every node of every source file below a folder of the repository whose name matches. */
export const sourcesBelow = (folder: string, names: RegExp): { file: string; nodes: Node[] }[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => names.test(name) && !name.endsWith('.test.ts'))
    .sort()
    .map(name => {
      const file = join(folder, name)
      const { program, errors } = parseSync(file, readFileSync(join(root, file), 'utf8'))
      if (errors[0]) throw new Error(`${file}: ${errors[0].message}`)
      return { file, nodes: isNode(program) ? below(program) : [] }
    })

/** Every text an expression may be, `{}` standing for what is filled in; `resolve` looks up what a called name gives. */
export const textsOf = (node: unknown, resolve: (name: string) => unknown = () => undefined): string[] => {
  if (!isNode(node)) return []
  if (node.type === 'Literal') return typeof node.value === 'string' ? [node.value] : []
  if (node.type === 'TemplateLiteral') return [templateOf(node)]
  if (node.type === 'ConditionalExpression')
    return [node.consequent, node.alternate].flatMap(one => textsOf(one, resolve))
  if (node.type === 'LogicalExpression') return [node.left, node.right].flatMap(one => textsOf(one, resolve))
  if (node.type === 'ParenthesizedExpression' || node.type === 'JSXExpressionContainer')
    return textsOf(node.expression, resolve)
  if (node.type === 'CallExpression' && isNode(node.callee) && typeof node.callee.name === 'string')
    return textsOf(resolve(node.callee.name), resolve)
  return []
}

const templateOf = ({ quasis }: Node): string =>
  (Array.isArray(quasis) ? quasis : [])
    .map(quasi => (isNode(quasi) && isCooked(quasi.value) ? quasi.value.cooked : ''))
    .join('{}')
    .replaceAll(/(\{\})+/g, '{}')

const isCooked = (value: unknown): value is { cooked: string } =>
  typeof value === 'object' && value !== null && 'cooked' in value && typeof value.cooked === 'string'
