import type fr from './fr.json';
import type kiosk from './fr-kiosk.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof fr & typeof kiosk };
  }
}
