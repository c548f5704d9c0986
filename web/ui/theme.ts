import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

const ink: MantineColorsTuple = [
  '#eef4fb',
  '#dbe6f3',
  '#b3cbe6',
  '#89aed9',
  '#75a1dc',
  '#5285c7',
  '#467dc5',
  '#386bae',
  '#2e5f9c',
  '#204a82',
]

/**
 * Blue-grey as the cards are. 6 is the ground of inputs and boxes, 4 their boundary: 3.5 to 1 against that ground, 3.9 against a
 * card, 4.3 against the page (WCAG 1.4.11 asks for 3).
 */
const dark: MantineColorsTuple = [
  '#d5dae1',
  '#b8bfc9',
  '#98a1ab',
  '#858e99',
  '#757e8a',
  '#343a43',
  '#262a31',
  '#16181c',
  '#121418',
  '#0d0f12',
]

export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 8 },
  colors: { ink, dark },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
})

/** Mantine's greys for secondary text and placeholders fall short of WCAG's 4.5 to 1; these do not, on every ground we use. */
export const contrast: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-dimmed': '#525b66',
    '--mantine-color-placeholder': '#66707a',
    '--mantine-color-error': '#b42318',
    '--mantine-color-anchor': '#2e5f9c',
    // The boundary of inputs and boxes: 3.3 to 1 on a card.
    '--mantine-color-gray-4': '#868e99',
    // A button's words are boundary enough.
    '--mantine-color-default-border': '#c3cad3',
  },
  dark: {
    '--mantine-color-body': '#16181c',
    '--mantine-color-dimmed': '#a9b1bb',
    '--mantine-color-placeholder': '#98a1ab',
    '--mantine-color-error': '#ff9a8f',
    '--mantine-color-anchor': '#8fb8ea',
  },
})
