/** Parts of screens that are fetched apart, with their words. */
import { withWords } from './with-words.ts';

export const loadControlPanel = withWords(['control'], () => import('../control/ControlPanel.svelte'));
export const loadAlarmBanner = withWords(['control'], () => import('../alarms/AlarmBanner.svelte'));
