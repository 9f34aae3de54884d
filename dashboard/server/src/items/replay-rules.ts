/** The rules of a programme that a line no longer follows, as they met a piece of then: a saved version never changes. */
import type { ProgrammeRef } from '@trame/protocol/classification/classification-events';
import type { ItemExplainAnswer } from '@trame/protocol/classification/item-answers';
import type { ItemExplainData } from '@trame/protocol/classification/item-requests';
import { compileProgramme } from '@trame/protocol/sort-programmes/compile-programme';
import { explainRules } from '@trame/protocol/sort-programmes/explain-rules';
import { programmeHash } from '@trame/protocol/sort-programmes/programme-hash';
import { readProgramme } from '@trame/protocol/sort-programmes/read-programme';
import type { Static } from 'typebox';
import type { Records } from '../records/open-records.ts';
import { ProgrammeBook } from '../sort-programmes/programme-book.ts';
import { SHIPPED_EXAMPLES } from '../sort-programmes/shipped-examples.ts';

/** What nobody writes to is told as it is. */
type ToldRules = Static<typeof ItemExplainAnswer>['rules'];

/** @returns null: the programme of the piece is neither a version saved at its site nor a shipped example. */
export async function replayRules(
  records: Records,
  site: string,
  { programme, facts }: Pick<ItemExplainData, 'programme' | 'facts'>,
): Promise<ToldRules> {
  if (programme === null) return null;
  const reading = readProgramme(await programmeOf(records, site, programme));
  if (reading.kind === 'refused') return null;
  const compilation = compileProgramme(reading.programme);
  return compilation.kind === 'refused' ? null : (explainRules(compilation.programme, facts) as ToldRules);
}

async function programmeOf(records: Records, site: string, { id, version, hash }: ProgrammeRef) {
  const saved = await new ProgrammeBook(records, site).version(id, version);
  if (saved !== undefined && saved.hash === hash) return JSON.parse(saved.body) as unknown;
  return SHIPPED_EXAMPLES.find((one) => one.id === id && programmeHash(one) === hash) ?? null;
}
