import SerializerSelector from '@fastify/fast-json-stringify-compiler'
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'

/**
 * Compiles each schema when it is first needed, and once however many routes share it: compiling all of them is most of a
 * second at start and tens of MiB, and every route answers the same problem document.
 */
export const compileWhenNeeded = (app: FastifyInstance): void => {
  const serialize = SerializerSelector()({}, {})
  const serializers = new WeakMap<object, (data: unknown) => string>()
  app.setSerializerCompiler(route => {
    const { schema } = route
    return data => {
      const known =
        serializers.get(schema) ??
        serialize({ schema, method: route.method, url: route.url, httpStatus: route.httpStatus ?? '' })
      serializers.set(schema, known)
      return known(data)
    }
  })
  app.setValidatorCompiler(route => {
    let validate: ReturnType<typeof TypeBoxValidatorCompiler> | undefined
    return data => {
      validate ??= TypeBoxValidatorCompiler(route)
      return validate(data)
    }
  })
}
