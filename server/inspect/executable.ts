/** Endings of files that a double click runs, or that carry such files past a mail filter. */
const ENDINGS = new Set(
  (
    'exe com scr pif bat cmd ps1 psm1 psd1 vbs vbe js jse mjs wsf wsh wsc ws sct hta lnk url scf inf reg msi msp mst cpl dll ocx sys drv jar ' +
    'jnlp chm hlp gadget application appref-ms appx msix msixbundle appinstaller iso img vhd vhdx cab xll wll docm dotm xlsm xltm xlam xlsb pptm ' +
    'potm ppam ppsm sldm library-ms search-ms settingcontent-ms website desktop sh command app pkg dmg py rb pl elf apk'
  ).split(' '),
)

/** By its last ending; trailing dots and spaces, which Windows drops, do not hide it. */
export const isExecutableName = (name: string): boolean => {
  const plain = name.replace(/[.\s\0]+$/, '').toLowerCase()
  return ENDINGS.has(plain.slice(plain.lastIndexOf('.') + 1))
}

const MACH_O = new Set([0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe])
const LINK = Buffer.from('4c0000000114020000000000c000000000000046', 'hex')

const isPortableExecutable = (bytes: Buffer): boolean => {
  if (bytes.length < 64) return false
  const header = bytes.readUInt32LE(60)
  return bytes.toString('latin1', header, header + 4) === 'PE\0\0' || bytes.includes('This program')
}

/**
 * Whether bytes start like a program, a script or a shortcut. Two letters (`MZ`) are enough only where `suspicious`
 * says that a program is to be expected: fonts and printer settings start with anything.
 */
export const isExecutable = (head: Uint8Array, { suspicious }: { suspicious: boolean }): boolean => {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength)
  const start = bytes.toString('latin1', 0, 512)
  if (start.startsWith('MZ') && (suspicious || isPortableExecutable(bytes))) return true
  if (start.startsWith('\x7fELF') || start.startsWith('#!/') || start.startsWith('MSCF\0\0\0\0')) return true
  if (bytes.length >= 4 && MACH_O.has(bytes.readUInt32BE(0))) return true
  if (bytes.length >= LINK.length && bytes.compare(LINK, 0, LINK.length, 0, LINK.length) === 0) return true
  return /^(\xef\xbb\xbf)?\s*(<hta:|<script|<job\b|<scriptlet|@echo|powershell|set-executionpolicy|createobject|windows registry editor|\[internetshortcut\])/i.test(
    start,
  )
}
