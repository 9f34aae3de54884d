/** Every word that a person reads comes from a catalogue, through `t`. */
import { createInstance, type ParseKeys } from 'i18next';
import fr from './fr.json' with { type: 'json' };

const catalogue = createInstance({
  lng: 'fr',
  // A copy: the words of other screens are added to it, and the file's own stay what they are.
  resources: { fr: { translation: { ...fr } } },
  // The catalogue is part of the page: words are there before anything is drawn.
  initAsync: false,
  // Svelte escapes what it writes.
  interpolation: { escapeValue: false },
});
void catalogue.init();

export type MessageKey = ParseKeys;

export const t = catalogue.t;

/** Adds the words of screens that are loaded when they are opened; before they are drawn. */
export function addWords(words: object): void {
  catalogue.addResourceBundle('fr', 'translation', words, true, true);
}
