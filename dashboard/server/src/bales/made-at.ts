/** Where an output is made: line, press and outlet that fit together. */
import { refused, type ActContext, type Refused } from '../material/decision.ts';
import { outletOf, pressOf, type ReferenceOutlet } from '../material/reference.ts';

export interface MadeAt {
  readonly kind: 'made-at';
  readonly line: string;
  /** Null: without a press. */
  readonly press: string | null;
  readonly outlet: ReferenceOutlet;
}

/** @param said `line` left out: that of the press, or the one that keeps the book. */
export function madeAt(
  { reference }: ActContext,
  said: { readonly line?: string; readonly press?: string | null; readonly outlet: string },
): MadeAt | Refused {
  const outlet = outletOf(reference, said.outlet);
  if (outlet === undefined)
    return refused('unknown-outlet', `no outlet «${said.outlet}»`, { outlet: said.outlet });
  const { press = null } = said;
  const known = press === null ? null : pressOf(reference, press);
  if (known === undefined) return refused('unknown-press', `no press «${press}»`, { press: press ?? '' });
  const line = said.line ?? known?.line ?? reference.bookKeeper;
  if (!reference.lines.includes(line)) return refused('unknown-line', `no line «${line}»`, { line });
  if (known === null) return { kind: 'made-at', line, press, outlet };
  if (known.line !== line) {
    return refused('unknown-press', `press «${known.id}» belongs to line ${known.line}, not ${line}`, {
      press: known.id,
      line,
    });
  }
  return known.outlets.includes(outlet.id)
    ? { kind: 'made-at', line, press, outlet }
    : refused('not-the-outlet', `outlet «${outlet.id}» is not open at press «${known.id}»`, {
        outlet: outlet.id,
        press: known.id,
      });
}
