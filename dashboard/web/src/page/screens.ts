/** Screens that are fetched when they are opened, each with its words: the first load stays small. */
import type { Session } from '@trame/protocol/dashboard-api';
import type { Component } from 'svelte';
import { withWords } from './with-words.ts';

export type LoadScreen = () => Promise<Component<{ session: Session }>>;

export const loadHealth: LoadScreen = withWords(['health'], () => import('../health/HealthScreen.svelte'));

/** Those who work with material share their words. */
export const loadBaleKiosk: LoadScreen = withWords(
  ['kiosk'],
  () => import('../kiosk/BaleKioskScreen.svelte'),
);
export const loadReception: LoadScreen = withWords(
  ['kiosk'],
  () => import('../reception/ReceptionScreen.svelte'),
);
export const loadPaper: LoadScreen = withWords(['kiosk'], () => import('../paper/PaperScreen.svelte'));
export const loadRestart: LoadScreen = withWords(['kiosk'], () => import('../restart/RestartScreen.svelte'));

/** Its lists and filters are those of the screens of material. */
export const loadAlarms: LoadScreen = withWords(
  ['control', 'material'],
  () => import('../alarms/AlarmsScreen.svelte'),
);

/** Stops, TRS, shift log and andon speak of states and alarms, and their acts are kept as those about material are. */
export const loadShiftTime: LoadScreen = withWords(
  ['control', 'kiosk', 'material', 'stops'],
  () => import('../stops/ShiftTimeScreens.svelte'),
);

/** Programmes, pieces and what outlets are made of: their acts are refused in the words of those about material. */
export const loadSorting: LoadScreen = withWords(
  ['kiosk', 'material', 'sorting', 'programmes', 'pieces', 'fractions'],
  () => import('../sorting/SortingScreens.svelte'),
);

/** Those who answer for the material read refusals in the words of those who work with it. */
export const loadMaterial: LoadScreen = withWords(
  ['kiosk', 'material', 'fractions'],
  () => import('../material/MaterialScreens.svelte'),
);

/** Parts of the screen of a line: kiosks, which begin with the same load, do without them. */
export const loadDevices = withWords([], () => import('../line/Devices.svelte'));
export const loadOutlets = withWords([], () => import('../line/Outlets.svelte'));
export const loadPlainLine = withWords([], () => import('../line/PlainLine.svelte'));
export const loadTonnage = withWords([], () => import('../line/Tonnage.svelte'));
export const loadShiftCard = withWords(['stops', 'material'], () => import('../trs/ShiftCard.svelte'));
