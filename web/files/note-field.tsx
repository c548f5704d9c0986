import { Textarea } from '@mantine/core'
import { deskText } from '../messages/desk-text.ts'
import { excessOf } from './note-length.ts'

/** From here on the field says how much room is left. */
const NEAR_THE_END = 200

type Props = { value: string; onChange: (value: string) => void; error?: string }

/** Words to the recipients. Nothing is cut off: what is too long says by how much. */
export const NoteField = ({ value, onChange, error }: Props) => {
  const words = deskText.send
  const excess = excessOf(value)
  return (
    <div>
      <Textarea
        label={words.note}
        description={words.noteDetail}
        value={value}
        rows={4}
        error={excess > 0 ? words.noteTooLong(excess) : error}
        onChange={event => onChange(event.currentTarget.value)}
      />
      {excess <= 0 && excess > -NEAR_THE_END && <small role="status">{words.noteLeft(-excess)}</small>}
    </div>
  )
}
