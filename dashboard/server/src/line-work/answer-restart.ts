/** What only people know after a power cut: what is in the presses, how full the bins are, whether the clock is right. */
import type { RestartBody } from '@trame/protocol/material/line-acts';
import type { OutputStatus } from '@trame/protocol/material/material-names';
import { recording, refused, type ActContext, type Decide, type Refused } from '../material/decision.ts';
import { outletOf, pressOf } from '../material/reference.ts';
import { lineRefusal } from './known-line.ts';

/** Outputs that can still be in a press. */
const IN_PRESS: readonly string[] = ['started', 'pressed'] satisfies OutputStatus[];

/** Once for each start after an unclean end. Nothing moves: what is in a press was in it before. */
export const answerRestart: Decide<RestartBody> = async (context, body, line) => {
  const wrong =
    lineRefusal(context, line) ??
    (await bootRefusal(context, line, body.boot)) ??
    (await pressRefusal(context, line, body.presses)) ??
    binRefusal(context, body.bins);
  if (wrong !== null) return wrong;
  const presses = body.presses.map(({ press, holds, output }) => ({
    press,
    holds,
    output: holds === 'output' ? (output ?? null) : null,
  }));
  const { boot, bins, clockRight } = body;
  const payload = { line, boot, presses, bins, clockRight, note: body.note ?? '' };
  return recording(line, [{ type: 'restart.answered', occurredAt: context.occurredAt, payload }], {
    warnings: clockRight ? [] : ['clock-wrong'],
  });
};

async function bootRefusal({ book }: ActContext, line: string, boot: string): Promise<Refused | null> {
  const row = await book.diary.restart(line, boot);
  if (row === undefined || row.startedAt === null) {
    return refused('wrong-state', `line ${line} is not known to have started as «${boot}»`, {
      line,
      boot,
      state: 'unknown-boot',
    });
  }
  if (row.answeredAt !== null) {
    return refused('already-done', `the start «${boot}» of line ${line} was answered`, { line, boot });
  }
  return row.unclean === 1
    ? null
    : refused('wrong-state', `line ${line} was stopped cleanly before «${boot}»`, {
        line,
        boot,
        state: 'clean',
      });
}

async function pressRefusal(
  { book, reference }: ActContext,
  line: string,
  presses: RestartBody['presses'],
): Promise<Refused | null> {
  for (const { press, holds, output } of presses) {
    if (pressOf(reference, press)?.line !== line) {
      return refused('unknown-press', `line ${line} has no press «${press}»`, { press, line });
    }
    if (holds === 'nothing' || output == null) continue;
    const row = await book.output(output);
    if (row === undefined) return refused('unknown-output', `no output «${output}»`, { output });
    if (!IN_PRESS.includes(row.status)) {
      return refused('wrong-state', `output ${output} is ${row.status}, not in a press`, {
        output,
        state: row.status,
      });
    }
  }
  return null;
}

function binRefusal({ reference }: ActContext, bins: RestartBody['bins']): Refused | null {
  const unknown = bins.find(({ outlet }) => outletOf(reference, outlet) === undefined);
  return unknown === undefined
    ? null
    : refused('unknown-outlet', `no outlet «${unknown.outlet}»`, { outlet: unknown.outlet });
}
