import { useContext } from 'react'
import { keepLanguage, type Language, languages } from '../messages/language.ts'
import { language, text } from '../messages/text.ts'
import { Reload } from './fragment.ts'
import classes from './language-switch.module.css'

/** Each language by its own name, for whoever cannot read the other. The page stays, token and all. */
export const LanguageSwitch = () => {
  const reload = useContext(Reload)
  const choose = (code: Language) => {
    keepLanguage(code)
    if (code !== language) reload()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields of a form.
    <div role="group" aria-label={text.language} className={classes.switch}>
      {languages.map(({ code, name }) => (
        <button key={code} type="button" lang={code} aria-pressed={code === language} onClick={() => choose(code)}>
          {name}
        </button>
      ))}
    </div>
  )
}
