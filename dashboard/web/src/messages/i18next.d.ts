import type fr from './fr.json';
import type control from './fr-control.json';
import type kiosk from './fr-kiosk.json';
import type material from './fr-material.json';
import type stops from './fr-stops.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof fr & typeof control & typeof kiosk & typeof material & typeof stops };
  }
}
