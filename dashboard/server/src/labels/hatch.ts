/** Hatches tell outlets apart without colour: the same four patterns as on the screens. */
export type HatchPattern = 'plain' | 'lines' | 'dots' | 'cross';

export interface HatchStrokes {
  /** Straight strokes at 45°; all in mm. */
  readonly strokes: readonly {
    readonly x1: number;
    readonly y1: number;
    readonly x2: number;
    readonly y2: number;
  }[];
  /** Thickness of a stroke, mm. */
  readonly strokeMm: number;
  readonly dots: readonly { readonly x: number; readonly y: number; readonly radius: number }[];
  /** The whole rectangle is black. */
  readonly filled: boolean;
}

const STROKE_MM = 0.5;
const STEP_MM = 3;

/** Cuts a pattern to a rectangle of this size, from its own top left. */
export function hatchStrokes(pattern: HatchPattern, widthMm: number, heightMm: number): HatchStrokes {
  const inset = STROKE_MM / 2;
  const room = { left: inset, top: inset, right: widthMm - inset, bottom: heightMm - inset };
  const none = { strokes: [], dots: [], strokeMm: STROKE_MM, filled: false };
  switch (pattern) {
    case 'plain':
      return { ...none, filled: true };
    case 'lines':
      return { ...none, strokes: rising(room) };
    case 'cross':
      return { ...none, strokes: [...rising(room), ...falling(room)] };
    case 'dots':
      return { ...none, dots: dotted(widthMm, heightMm) };
  }
}

type Room = Readonly<Record<'left' | 'top' | 'right' | 'bottom', number>>;

/** Strokes from bottom left to top right: x + y is constant along each. */
function rising({ left, top, right, bottom }: Room) {
  const strokes = [];
  for (let sum = left + top + STEP_MM / 2; sum < right + bottom; sum += STEP_MM) {
    const x1 = Math.max(left, sum - bottom);
    const x2 = Math.min(right, sum - top);
    strokes.push({ x1, y1: sum - x1, x2, y2: sum - x2 });
  }
  return strokes;
}

function falling(room: Room) {
  return rising(room).map(({ x1, y1, x2, y2 }) => ({
    x1,
    y1: room.top + room.bottom - y1,
    x2,
    y2: room.top + room.bottom - y2,
  }));
}

function dotted(widthMm: number, heightMm: number) {
  const radius = 0.75;
  const dots = [];
  for (let y = STEP_MM / 2; y + radius <= heightMm; y += STEP_MM)
    for (let x = STEP_MM / 2; x + radius <= widthMm; x += STEP_MM) dots.push({ x, y, radius });
  return dots;
}
