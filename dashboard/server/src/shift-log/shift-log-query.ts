/** The log of a shift, as far as it was recorded anyway. Asked on the thread of large questions. */
import { ALARM_PRIORITIES } from '@trame/protocol/alarms/alarm-names';
import type { ShiftLog } from '@trame/protocol/stops/stop-answers';
import { standingBefore } from '../alarms/alarm-kpi-query.ts';
import { headsOf } from '../balance/work-balance.ts';
import type { Interval } from '../calendar/intervals.ts';
import { endOf } from '../calendar/open-of-line.ts';
import { MaterialBook } from '../material/material-book.ts';
import type { ShiftTable } from '../material/material-tables.ts';
import type { Records } from '../records/open-records.ts';
import { lineTime } from '../stops/line-time.ts';
import { dayStartMs, localDayIn } from '../tonnage/local-day.ts';
import type { LineAddress } from '../trs/line-work.ts';
import { trsOfShift, type TrsAsked } from '../trs/trs-query.ts';
import { outputsIn, putOn, sortedIn } from './made-in.ts';

export interface ShiftLogAsked extends Omit<TrsAsked, 'by' | 'period'> {
  /** Null: the one that is open, else the last. */
  readonly shift: string | null;
  /** Reference of who asks. */
  readonly asker: string;
}

/** Past so many, somebody looks at the list itself. */
const ROWS_MAX = 500;

/** @returns null when there is no such shift. Without any shift, the log of today. */
export async function shiftLogOf(records: Records, asked: ShiftLogAsked): Promise<ShiftLog | null> {
  const { site, line, rules, targets } = asked;
  const address = { site, line };
  const shift = await shiftRow(records, address, asked.shift);
  if (shift === undefined && asked.shift !== null) return null;
  const dayOf = localDayIn(rules.timeZone);
  const from = shift?.openedAt ?? dayStartMs(dayOf(rules.nowMs), dayOf);
  const to = shift === undefined ? rules.nowMs : endOf(from, shift.closedAt, rules.nowMs);
  const period = { from, to };
  const heads = shift === undefined ? 0 : headsOf(shift.posts);
  const crew = { id: shift?.shift ?? 'today', team: shift?.team ?? null, from, to, heads };
  const { within: stops } = await lineTime(records, address, period, rules);
  return {
    shift: shift === undefined ? null : shown(shift),
    from,
    to,
    trs: await trsOfShift(records, { ...asked, shift: crew }),
    stops: stops.toReversed().slice(0, ROWS_MAX),
    unexplained: stops.filter(({ cause, micro }) => cause === null && !micro).length,
    alarms: await alarmsIn(records, line, period),
    commands: await commandsIn(records, address, period),
    material: await materialIn(records, address, period, heads >= targets.groupMin),
    notes: await notesIn(records, address, period),
    signatures: shift === undefined ? [] : await signaturesOf(records, address, shift.shift, asked.asker),
  };
}

function shown({ shift, line, team, openedAt, closedAt }: ShiftTable): NonNullable<ShiftLog['shift']> {
  return { id: shift, line, team, openedAt, closedAt };
}

async function shiftRow(
  records: Records,
  { site, line }: LineAddress,
  shift: string | null,
): Promise<ShiftTable | undefined> {
  const ofLine = records
    .selectFrom('shifts')
    .selectAll()
    .where('site', '=', site)
    .where('line', '=', line)
    .orderBy('openedAt', 'desc')
    .orderBy('shift', 'desc')
    .limit(1);
  if (shift !== null) return ofLine.where('shift', '=', shift).executeTakeFirst();
  const open = await ofLine.where('closedAt', 'is', null).executeTakeFirst();
  return open ?? ofLine.executeTakeFirst();
}

async function alarmsIn(records: Records, line: string, { from, to }: Interval): Promise<ShiftLog['alarms']> {
  const raised = await records
    .selectFrom('alarm_journal')
    .select((of) => ['priority', of.fn.countAll<number>().as('count')])
    .where('line', '=', line)
    .where('raised', '=', 1)
    .where('at', '>=', from)
    .where('at', '<', to)
    .groupBy('priority')
    .execute();
  const standing = await standingBefore(records, line, to);
  const byPriority = ALARM_PRIORITIES.map((priority) => ({
    priority,
    raised: raised.find((row) => row.priority === priority)?.count ?? 0,
  }));
  return { raised: byPriority.reduce((sum, one) => sum + one.raised, 0), byPriority, standing };
}

function commandsIn(
  records: Records,
  { site, line }: LineAddress,
  { from, to }: Interval,
): Promise<ShiftLog['commands']> {
  return records
    .selectFrom('line_commands')
    .select(['request as id', 'at', 'command', 'outcome', 'detail'])
    .where('site', '=', site)
    .where('line', '=', line)
    .where('at', '>=', from)
    .where('at', '<', to)
    .orderBy('at', 'desc')
    .orderBy('request')
    .limit(ROWS_MAX)
    .execute();
}

/** @param mayTell whether enough people were counted that what they made is nobody's own. */
async function materialIn(
  records: Records,
  address: LineAddress,
  period: Interval,
  mayTell: boolean,
): Promise<ShiftLog['material']> {
  const weighings = await new MaterialBook(records, address.site).unclaimed(period.from, period.to, ROWS_MAX);
  const unclaimed = weighings.filter(({ line }) => line === address.line).length;
  if (!mayTell) return { inputGrams: null, outlets: null, outputs: null, unclaimed };
  return {
    inputGrams: await putOn(records, address, period),
    outlets: await sortedIn(records, address, period),
    outputs: await outputsIn(records, address, period),
    unclaimed,
  };
}

/** What people wrote about the line, in order. */
async function notesIn(
  records: Records,
  { site, line }: LineAddress,
  { from, to }: Interval,
): Promise<ShiftLog['notes']> {
  const rows = await records
    .selectFrom('journal')
    .innerJoin('ledger_events', (join) =>
      join
        .onRef('ledger_events.id', '=', 'journal.event')
        .onRef('ledger_events.site', '=', 'journal.site')
        .onRef('ledger_events.line', '=', 'journal.line')
        .onRef('ledger_events.epoch', '=', 'journal.epoch'),
    )
    .select(['journal.event', 'journal.at', 'ledger_events.payload'])
    .where('journal.site', '=', site)
    .where('journal.about', '=', `line:${line}`)
    .where('journal.type', '=', 'note.written')
    .where('journal.at', '>=', from)
    .where('journal.at', '<', to)
    .where('ledger_events.payload', 'is not', null)
    .orderBy('journal.at')
    .orderBy('journal.event')
    .limit(ROWS_MAX)
    .execute();
  return rows.map(({ event, at, payload }) => {
    const { text } = JSON.parse(payload ?? '{}') as { readonly text?: string };
    return { id: event, at, text: text ?? '' };
  });
}

async function signaturesOf(
  records: Records,
  { site }: LineAddress,
  shift: string,
  asker: string,
): Promise<ShiftLog['signatures']> {
  const rows = await records
    .selectFrom('shift_signatures')
    .select(['event', 'side', 'at', 'text', 'actorRef'])
    .where('site', '=', site)
    .where('shift', '=', shift)
    .orderBy('side', 'desc')
    .execute();
  const [one, other] = rows;
  const alone = one !== undefined && one.actorRef !== null && one.actorRef === other?.actorRef;
  return rows.map(({ event, actorRef, ...row }) => ({ id: event, ...row, mine: actorRef === asker, alone }));
}
