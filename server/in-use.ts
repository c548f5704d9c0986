/** Another process works on the data folder. Nothing is wrong with the settings: it goes away when that process ends. */
export class InUseError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'InUseError'
  }
}
