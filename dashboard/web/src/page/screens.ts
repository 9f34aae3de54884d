/** Screens that are fetched when they are opened, each with its words: the first load stays small. */
import type { Session } from '@trame/protocol/dashboard-api';
import type { LiveLine } from '@trame/protocol/live-state';
import type { Component } from 'svelte';
import { addWords } from '../messages/translate.ts';

export type Screen = Component<{ session: Session }>;
export type LoadScreen = () => Promise<Screen>;

export const loadHealth: LoadScreen = async () => (await import('../health/HealthScreen.svelte')).default;

export const loadBaleKiosk = withKioskWords(() => import('../kiosk/BaleKioskScreen.svelte'));
export const loadReception = withKioskWords(() => import('../reception/ReceptionScreen.svelte'));
export const loadPaper = withKioskWords(() => import('../paper/PaperScreen.svelte'));
export const loadRestart = withKioskWords(() => import('../restart/RestartScreen.svelte'));

/** Those who work with material share their words: one file, fetched once. */
function withKioskWords(load: () => Promise<{ readonly default: Screen }>): LoadScreen {
  return async () => {
    const [screen, words] = await Promise.all([load(), import('../messages/fr-kiosk.json')]);
    addWords(words.default);
    return screen.default;
  };
}

/** Its lists and filters are those of the screens of material. */
export const loadAlarms: LoadScreen = async () => {
  const [screen, control, material] = await Promise.all([
    import('../alarms/AlarmsScreen.svelte'),
    import('../messages/fr-control.json'),
    import('../messages/fr-material.json'),
  ]);
  addWords(control.default);
  addWords(material.default);
  return screen.default;
};

/** Parts of the screen of a line: kiosks, which begin with the same load, do without them. */
export const loadDevices = async () => (await import('../line/Devices.svelte')).default;
export const loadOutlets = async () => (await import('../line/Outlets.svelte')).default;
export const loadPlainLine = async () => (await import('../line/PlainLine.svelte')).default;
export const loadTonnage = async () => (await import('../line/Tonnage.svelte')).default;

/** On the screen of a line. */
export const loadShiftCard = async (): Promise<Component<{ line: LiveLine }>> => {
  const [card, stops, material] = await Promise.all([
    import('../trs/ShiftCard.svelte'),
    import('../messages/fr-stops.json'),
    import('../messages/fr-material.json'),
  ]);
  addWords(material.default);
  addWords(stops.default);
  return card.default;
};

/** Stops, TRS, shift log and andon speak of states and alarms, and their acts are kept as those about material are. */
export const loadShiftTime: LoadScreen = async () => {
  const [screen, control, kiosk, material, stops] = await Promise.all([
    import('../stops/ShiftTimeScreens.svelte'),
    import('../messages/fr-control.json'),
    import('../messages/fr-kiosk.json'),
    import('../messages/fr-material.json'),
    import('../messages/fr-stops.json'),
  ]);
  for (const words of [control, kiosk, material, stops]) addWords(words.default);
  return screen.default;
};

/** Those who answer for the material read refusals in the words of those who work with it. */
export const loadMaterial: LoadScreen = async () => {
  const [screen, kiosk, material] = await Promise.all([
    import('../material/MaterialScreens.svelte'),
    import('../messages/fr-kiosk.json'),
    import('../messages/fr-material.json'),
  ]);
  addWords(kiosk.default);
  addWords(material.default);
  return screen.default;
};
