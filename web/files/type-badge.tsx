import type { SharedFile } from '../api.ts'
import { text } from '../messages/text.ts'
import classes from './document-card.module.css'

export const TypeBadge = ({ type }: { type: SharedFile['type'] }) => (
  <abbr className={classes.type} data-type={type} title={text.files.types[type]} style={{ textDecoration: 'none' }}>
    {type.toUpperCase()}
  </abbr>
)
