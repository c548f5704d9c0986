import { NativeSelect, TextInput } from '@mantine/core'
import { deskText } from '../messages/desk-text.ts'
import { formatTime } from '../ui/format.ts'
import { daysOffered, type End, endAfter, endChoices } from './ends.ts'
import classes from './handing-over.module.css'

type Props = {
  label: string
  value: End
  onChange: (value: End) => void
  /** What is wrong with the date. */
  error?: string
  /** Whether there may be no end. */
  endless?: boolean
}

/** Until when a document can be fetched. Each choice says the moment it stands for, where the reader is. */
export const EndPicker = ({ label, value, onChange, error, endless = true }: Props) => {
  const words = deskText.ends
  const now = new Date()
  const labelOf = (choice: (typeof endChoices)[number]): string =>
    choice === 'none' || choice === 'date'
      ? words.choices[choice]
      : words.choices[choice](formatTime(endAfter(choice, now).toISOString()))
  const choices = endChoices.filter(choice => endless || choice !== 'none')
  return (
    <div className={classes.pair}>
      <NativeSelect
        label={label}
        data={choices.map(choice => ({ value: choice, label: labelOf(choice) }))}
        value={value.choice}
        onChange={event => {
          const choice = choices.find(one => one === event.currentTarget.value)
          if (choice) onChange({ ...value, choice })
        }}
      />
      {value.choice === 'date' && (
        <TextInput
          type="date"
          label={words.date}
          {...daysOffered(now)}
          value={value.date}
          error={error}
          onChange={event => onChange({ ...value, date: event.currentTarget.value })}
        />
      )}
    </div>
  )
}
