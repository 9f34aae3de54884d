/** What tests ask of a line under control. */
import { decodeControlPicture, type ControlPicture } from '@trame/protocol/control/control-picture';
import { controlPicture } from './picture.ts';
import { TestLine } from './test-control.ts';
import { STATE } from './test-plc.ts';

/** Why this request was refused. */
export function codes(line: TestLine, id: string): readonly string[] {
  return (line.final(id)?.reasons ?? []).map(({ code }) => code);
}

/** @throws when it is not as the protocol says. */
export function pictureOf({ setup, state, at }: TestLine): ControlPicture {
  const picture = controlPicture(setup, state, { boot: '0123456789abcdef', n: 1 }, at);
  const read = decodeControlPicture(new TextEncoder().encode(JSON.stringify(picture)));
  if (read === null) throw new Error(`no picture of a line: ${JSON.stringify(picture)}`);
  return read;
}

export function runningLine(): TestLine {
  const line = new TestLine();
  line.standIn(STATE.execute);
  line.pass(200);
  return line;
}
