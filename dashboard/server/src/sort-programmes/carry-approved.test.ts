/** What a line is told once a sort programme was approved, and what is answered when it was not. */
import { describe, expect, it } from 'vitest';
import type { Recorded } from '../material/act-recording.ts';
import type { CarryOutcome, ProgrammeCarrier } from '../ports/programme-carrier.ts';
import { keepingLog } from '../testing/keeping-log.ts';
import { materialSite, type Done, type MaterialSite } from '../testing/test-material-site.ts';
import { carryApproved } from './carry-approved.ts';
import { saveProgramme } from './save-programme.ts';
import { activateProgramme } from './step-programme.ts';
import { saving, woolProgramme } from './test-programmes.ts';

/** What the desk hands on of an act. */
function recorded({ id, number, events }: Done): Recorded {
  const decided = { id, number, warnings: [], site: 'caux', line: 'tri-1', events: events.length };
  const answer = { id, number, events: [...events], warnings: [], replayed: false };
  return { kind: 'recorded', decided, answer };
}

async function approvedOn(site: MaterialSite): Promise<{ saved: Done; approved: Done }> {
  const saved = await site.act(saveProgramme, saving(woolProgramme()));
  const approved = await site.act(activateProgramme, { line: 'tri-2', version: 1 }, 'laine');
  return { saved, approved };
}

/** Stands in for the edges. */
function standIn(outcome: CarryOutcome): ProgrammeCarrier & { readonly sent: unknown[] } {
  const sent: unknown[] = [];
  return {
    sent,
    send: (to, programme, hash) => {
      sent.push([to.line, programme.id, programme.version, hash.length]);
      return Promise.resolve(outcome);
    },
  };
}

describe('an approved programme', () => {
  it.each([
    [{ kind: 'taken' }, []],
    [{ kind: 'not-needed' }, []],
    [{ kind: 'refused', code: 'bad-programme', detail: null }, ['line-refused']],
    [{ kind: 'no-reply' }, ['line-not-told']],
  ] as const)('is sent to its own line, which answers %j', async (outcome, warnings) => {
    await using site = await materialSite();
    const { saved, approved } = await approvedOn(site);
    const { records } = site;
    const carrier = standIn(outcome);
    const log = keepingLog();
    expect(await carryApproved({ records, carrier, log }, recorded(approved))).toEqual(warnings);
    expect(carrier.sent).toEqual([['tri-2', 'laine', 1, 64]]);
    // What only saves one is nothing for a line.
    expect(await carryApproved({ records, carrier, log }, recorded(saved))).toEqual([]);
    expect(carrier.sent).toHaveLength(1);
  });

  it('is told by nobody: that is answered where the line would say what it follows', async () => {
    await using site = await materialSite();
    const { approved } = await approvedOn(site);
    const options = { records: site.records, carrier: null, log: keepingLog() };
    expect(await carryApproved(options, recorded(approved))).toEqual([]);
    const own = await site.act(activateProgramme, { line: 'tri-1', version: 1 }, 'laine');
    await site.tell('programme.active', { programme: 'essai', version: 1, hash: null });
    expect(await carryApproved(options, recorded(own))).toEqual(['line-not-told']);
    expect(await carryApproved(options, recorded(approved))).toEqual([]);
  });
});
