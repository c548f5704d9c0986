/** The one version of tus (tus.io/protocols/resumable-upload) that is spoken. */
export const TUS_VERSION = '1.0.0'
