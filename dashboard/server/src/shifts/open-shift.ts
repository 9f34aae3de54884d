/** A team begins at a line. Of people it keeps a number for each post, nothing else. */
import type { ShiftBody } from '@trame/protocol/material/line-acts';
import { lineRefusal } from '../line-work/known-line.ts';
import { recording, refused, type Decide } from '../material/decision.ts';
import { timeName } from './time-name.ts';

/** Several teams may be there at once; one team is there once. */
export const openShift: Decide<ShiftBody> = async (context, body) => {
  const { book, reference, occurredAt } = context;
  const line = body.line ?? reference.bookKeeper;
  const wrong = lineRefusal(context, line);
  if (wrong !== null) return wrong;
  const { team, posts } = body;
  const open = (await book.diary.openShifts(line)).find((shift) => shift.team === team);
  if (open !== undefined) {
    return refused('already-done', `shift ${open.shift} of «${team}» is open on ${line}`, {
      shift: open.shift,
      team,
      line,
    });
  }
  const names = posts.map(({ post }) => post);
  const twice = names.find((post, index) => names.indexOf(post) !== index);
  if (twice !== undefined) {
    return refused('already-exists', `post «${twice}» is counted twice`, { post: twice });
  }
  const shift = await timeName('S', occurredAt, async (name) => (await book.shift(name)) !== undefined);
  return recording(shift, [{ type: 'shift.opened', occurredAt, payload: { shift, line, team, posts } }]);
};
