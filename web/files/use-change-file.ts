import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, isProblem } from '../api.ts'

type Change = Parameters<typeof api.ops.changeFile>[1]

/** Changes a file's end or whether its uploader is told. A refusal makes the page look at the file again. */
export const useChangeFile = (id: string) => {
  const queries = useQueryClient()
  const lookAgain = () => queries.invalidateQueries({ queryKey: ['ops'] })
  return useMutation({
    mutationFn: (change: Change) => api.ops.changeFile(id, change),
    onSuccess: file => {
      queries.setQueryData(['ops', 'files', id], file)
      return lookAgain()
    },
    onError: error => isProblem(error) && lookAgain(),
  })
}
