import type fr from './fr.json';
import type control from './fr-control.json';
import type fractions from './fr-fractions.json';
import type health from './fr-health.json';
import type kiosk from './fr-kiosk.json';
import type material from './fr-material.json';
import type pieces from './fr-pieces.json';
import type programmes from './fr-programmes.json';
import type sorting from './fr-sorting.json';
import type stops from './fr-stops.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: {
      translation: typeof fr &
        typeof control &
        typeof fractions &
        typeof health &
        typeof kiosk &
        typeof material &
        typeof pieces &
        typeof programmes &
        typeof sorting &
        typeof stops;
    };
  }
}
