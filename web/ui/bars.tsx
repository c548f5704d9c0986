import classes from './bars.module.css'

/** Something counted on each of several days, in two ways: `at` names the day. */
export type Bar = { at: string; first: number; second: number }

type Props = {
  /** What the whole is called. */
  caption: string
  /** What the column of days is called, and what each of the two ways is; with its sum in the legend. */
  columns: { at: string; first: string; second: string }
  legend: [string, string]
  bars: readonly Bar[]
  format: (count: number) => string
}

const HEIGHT = 100
const STEP = 10
const WIDE = 3.5

/** Pairs of bars, day by day. The picture is for eyes; the same figures stand in a table for everybody else. */
export const Bars = ({ caption, columns, legend, bars, format }: Props) => {
  const most = Math.max(1, ...bars.flatMap(({ first, second }) => [first, second]))
  const bar = (count: number, x: number, of: string | undefined) => {
    // What is there at all is seen, however small beside the rest.
    const height = count === 0 ? 0 : Math.max(1.5, (count / most) * HEIGHT)
    return <rect className={of} x={x} y={HEIGHT - height} width={WIDE} height={height} />
  }
  return (
    <figure className={classes.figure}>
      <ul className={classes.legend} aria-hidden="true">
        {legend.map(text => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      <div className={classes.plot} aria-hidden="true">
        <div className={classes.scale}>
          <span>{format(most)}</span>
          <span>{format(0)}</span>
        </div>
        <svg
          className={classes.bars}
          viewBox={`0 0 ${bars.length * STEP} ${HEIGHT}`}
          preserveAspectRatio="none"
          focusable="false"
          aria-hidden="true"
        >
          {bars.map(({ at, first, second }, index) => (
            <g key={at}>
              <title>{`${at}: ${columns.first} ${format(first)}, ${columns.second} ${format(second)}`}</title>
              {/* The whole column answers to the pointer, also where a bar is low. */}
              <rect x={index * STEP} y={0} width={STEP} height={HEIGHT} fill="transparent" />
              {bar(first, index * STEP + 1, classes.first)}
              {bar(second, index * STEP + 1.5 + WIDE, classes.second)}
            </g>
          ))}
        </svg>
        <div className={classes.ends}>
          <span>{bars[0]?.at}</span>
          <span>{bars.at(-1)?.at}</span>
        </div>
      </div>
      <div className="visually-hidden">
        <table>
          <caption>{caption}</caption>
          <thead>
            <tr>
              <th scope="col">{columns.at}</th>
              <th scope="col">{columns.first}</th>
              <th scope="col">{columns.second}</th>
            </tr>
          </thead>
          <tbody>
            {bars.map(({ at, first, second }) => (
              <tr key={at}>
                <th scope="row">{at}</th>
                <td>{format(first)}</td>
                <td>{format(second)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  )
}
