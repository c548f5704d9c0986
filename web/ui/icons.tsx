import type { ReactNode } from 'react'

/** Drawn here, since no page loads anything from elsewhere. All stand beside words, so screen readers skip them. */
const icon = (children: ReactNode) => (
  <svg
    width="20"
    height="20"
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.8"
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
    focusable="false"
  >
    {children}
  </svg>
)

export const SendIcon = () =>
  icon(<path d="M12 16V4m0 0 4.5 4.500M12 4 7.5 8.500M4 15v3a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-3" />)
export const DownloadIcon = () =>
  icon(<path d="M12 4v12m0 0 4.5-4.500M12 16l-4.5-4.500M4 17v1a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-1" />)
export const FilesIcon = () =>
  icon(<path d="M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8zm0 0v5h5M9 13h6M9 17h4" />)
export const ChartIcon = () => icon(<path d="M4 20V4M4 20h16M8.5 16v-5M13 16V8M17.5 16v-3" />)
export const ClockIcon = () =>
  icon(
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 7v5l3.5 2" />
    </>,
  )
export const SlidersIcon = () =>
  icon(<path d="M4 7h9M17 7h3M4 17h3M11 17h9M13 7a2 2 0 1 0 4 0 2 2 0 1 0-4 0M7 17a2 2 0 1 0 4 0 2 2 0 1 0-4 0" />)
export const PeopleIcon = () =>
  icon(
    <>
      <circle cx="9" cy="8" r="3.5" />
      <path d="M2.5 20a6.5 6.5 0 0 1 13 0M16 4.800a3.5 3.5 0 0 1 0 6.400M18 14.500a6.5 6.5 0 0 1 3.5 5.5" />
    </>,
  )
export const GroupIcon = () =>
  icon(
    <>
      <rect x="3" y="7" width="18" height="13" rx="2" />
      <path d="M8 7V5a2 2 0 0 1 2-2h4a2 2 0 0 1 2 2v2M3 12h18" />
    </>,
  )
export const MailIcon = () =>
  icon(
    <>
      <rect x="3" y="5" width="18" height="14" rx="2" />
      <path d="m3 7 9 6 9-6" />
    </>,
  )
export const ShieldIcon = () =>
  icon(<path d="M12 3 4.5 6v5.500c0 4.5 3 8 7.5 9.5 4.5-1.5 7.5-5 7.5-9.500V6zM9 12l2 2 4-4" />)
export const ExitIcon = () => icon(<path d="M15 4h3a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-3M10 8l-4 4 4 4M6 12h9" />)

export const Logo = () => (
  <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <path
      d="M11 9V6.500A2.5 2.5 0 0 1 13.5 4h5A2.5 2.5 0 0 1 21 6.500V9"
      fill="none"
      stroke="#467dc5"
      strokeWidth="2.5"
    />
    <rect x="3" y="9" width="26" height="18" rx="3.5" fill="#386bae" />
    <path d="M3 17h26" stroke="#fff" strokeWidth="1.5" />
    <rect x="13.5" y="14.5" width="5" height="5" rx="1.2" fill="#fff" />
  </svg>
)
