/** Parts of screens that are fetched apart, with their words. */
import type { Component } from 'svelte';
import { addWords } from '../messages/translate.ts';

export const loadControlPanel = withControlWords(() => import('../control/ControlPanel.svelte'));
export const loadAlarmBanner = withControlWords(() => import('../alarms/AlarmBanner.svelte'));

function withControlWords<P extends Record<string, unknown>>(
  load: () => Promise<{ readonly default: Component<P> }>,
): () => Promise<Component<P>> {
  return async () => {
    const [part, words] = await Promise.all([load(), import('../messages/fr-control.json')]);
    addWords(words.default);
    return part.default;
  };
}
