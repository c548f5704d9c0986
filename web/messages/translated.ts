/** The shape of a catalogue in any language: the same keys, and functions of the same arguments. */
export type Translated<T> = T extends string
  ? string
  : T extends (...args: infer Args) => infer Said
    ? (...args: Args) => Said extends string ? string : Said
    : T extends object
      ? { [Key in keyof T]: Translated<T[Key]> }
      : T
