import type { Drawing, Mark } from './drawing.ts';

interface Box {
  readonly what: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** What lies beyond the edge of the page. */
export function outsideOf({ marks, widthMm, heightMm }: Drawing): readonly Box[] {
  return marks
    .flatMap(boxOf)
    .filter(({ left, top, right, bottom }) => left < 0 || top < 0 || right > widthMm || bottom > heightMm);
}

/** Pairs of marks that lie on one another. */
export function overlapsIn({ marks }: Drawing): readonly string[] {
  const boxes = marks.flatMap(boxOf);
  return boxes.flatMap((a, index) =>
    boxes
      .slice(index + 1)
      .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
      .map((b) => `${a.what} / ${b.what}`),
  );
}

/** What a mark covers; letters from their height to their descenders, bars with their quiet zone. Frames and rules go round. */
function boxOf(mark: Mark): readonly Box[] {
  switch (mark.kind) {
    case 'frame':
    case 'rule':
      return [];
    case 'text': {
      const { x, y, size, room, anchor, text } = mark;
      const left = x - { start: 0, middle: room / 2, end: room }[anchor];
      return [{ what: text, left, right: left + room, top: y - 0.72 * size, bottom: y + 0.22 * size }];
    }
    case 'gs1':
      return [
        { what: 'gs1', left: mark.x - 5, right: mark.x + 83, top: mark.y, bottom: mark.y + mark.height },
      ];
    case 'qr':
    case 'pictogram': {
      const { x, y, size } = mark;
      return [{ what: mark.kind, left: x, right: x + size, top: y, bottom: y + size }];
    }
    case 'hatch': {
      const { x, y, width, height } = mark;
      return [{ what: mark.kind, left: x, right: x + width, top: y, bottom: y + height }];
    }
  }
}
