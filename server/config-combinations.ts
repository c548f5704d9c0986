import { isLoopback } from './config-types.ts'

/** The settings that are judged together, each as its own reader gave it. */
type Together = {
  host: string
  publicUrl: URL | undefined
  smtp: URL | undefined
  mailFrom: string | undefined
  linkTtl: number
  linkTtlMax: number
  sessionIdle: number
  sessionMax: number
}

const isLocal = ({ host, publicUrl }: Together): boolean =>
  isLoopback(host) && (publicUrl === undefined || isLoopback(publicUrl.hostname))

/** Combinations that would look as if they worked and protect nobody, and the settings each of them is made of. */
export const combinations: { of: (keyof Together)[]; mistake: (config: Together) => string | undefined }[] = [
  {
    of: ['publicUrl', 'host'],
    mistake: config =>
      config.publicUrl?.protocol === 'http:' && !isLocal(config)
        ? `VALISE_PUBLIC_URL is ${config.publicUrl.origin}: plain http is for this machine only (VALISE_HOST and the URL both loopback); put https in front`
        : undefined,
  },
  {
    of: ['publicUrl', 'host'],
    mistake: ({ publicUrl, host }) =>
      publicUrl === undefined && !isLoopback(host)
        ? `VALISE_HOST is ${host}: others can reach the server, so set VALISE_PUBLIC_URL to its https address`
        : undefined,
  },
  {
    of: ['publicUrl', 'host', 'smtp'],
    mistake: config =>
      config.smtp === undefined && !isLocal(config)
        ? 'VALISE_SMTP_URL is not set: nobody outside this machine would get a mail; set it, or use loopback addresses'
        : undefined,
  },
  {
    of: ['smtp', 'mailFrom'],
    mistake: ({ smtp, mailFrom }) =>
      smtp !== undefined && mailFrom === undefined
        ? 'VALISE_MAIL_FROM is not set: mails need a sender, for example "Acme documents <documents@acme.example>"'
        : undefined,
  },
  {
    of: ['linkTtl', 'linkTtlMax'],
    mistake: ({ linkTtl, linkTtlMax }) =>
      linkTtl > linkTtlMax ? 'VALISE_LINK_TTL is longer than VALISE_LINK_TTL_MAX' : undefined,
  },
  {
    of: ['sessionIdle', 'sessionMax'],
    mistake: ({ sessionIdle, sessionMax }) =>
      sessionIdle > sessionMax ? 'VALISE_SESSION_IDLE is longer than VALISE_SESSION_MAX' : undefined,
  },
]
