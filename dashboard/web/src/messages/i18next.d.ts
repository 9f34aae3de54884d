import type fr from './fr.json';
import type kiosk from './fr-kiosk.json';
import type material from './fr-material.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof fr & typeof kiosk & typeof material };
  }
}
