/** How a line that sorts pieces by their spectra does, in one row. */
import type { SortingHealth } from '@trame/protocol/heartbeat-sorting';
import { formatNumber } from '../format/quantity.ts';
import { ITEMS_WORDS } from '../messages/health-words.ts';
import { t } from '../messages/translate.ts';
import { row, type Fact } from './fact.ts';

/** What the line sorts by, and what became of it since it was started. */
export function sortingFact(sorting: SortingHealth, old: boolean): Fact {
  const { model, programme, items, sorted, missed, fallback: outlet } = sorting;
  const details: string[] = [];
  if (programme !== null) {
    const { id, version } = programme;
    details.push(t('sortingHealth.programme', { id, version: formatNumber(version, 0) }));
  }
  if (model !== null) details.push(t('sortingHealth.model', { id: model.id }));
  const late = sorting.late + sorting.unwritten;
  if (sorting.toFallback > 0) {
    details.push(t('sortingHealth.toFallback', { ...counted(sorting.toFallback), outlet }));
  }
  if (late > 0) details.push(t('sortingHealth.late', counted(late)));
  if (missed > 0) details.push(t('sortingHealth.missed', counted(missed)));
  if (items.state !== 'ok') details.push(t(ITEMS_WORDS[items.state]));
  const isWell = model !== null && programme !== null && items.state === 'ok';
  return {
    ...row(
      'sorting',
      t('sortingHealth.label'),
      sortingWords(sorting, t('sortingHealth.ok', counted(sorted))),
    ),
    mark: isWell ? 'fine' : 2,
    details,
    technical: sorting.programmeFault ?? sorting.modelFault ?? items.reason,
    old,
  };
}

function sortingWords({ model, programme }: SortingHealth, well: string): string {
  if (programme === null) return t('sortingHealth.noProgramme');
  return model === null ? t('sortingHealth.noModel') : well;
}

function counted(count: number) {
  return { count, figure: formatNumber(count, 0) };
}
