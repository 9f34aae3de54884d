/** Hatches on a canvas: what they lean to tells them apart without colour. */

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const STEP_PX = 8;

/** Fills a box with slanted lines, in canvas pixels. */
export function hatch(
  ctx: CanvasRenderingContext2D,
  box: Box,
  look: { readonly colour: string; readonly lean: 'left' | 'right' },
): void {
  const height = box.bottom - box.top;
  const [foot, head] = look.lean === 'right' ? [box.bottom, box.top] : [box.top, box.bottom];
  ctx.save();
  ctx.beginPath();
  ctx.rect(box.left, box.top, box.right - box.left, height);
  ctx.clip();
  ctx.beginPath();
  for (let x = box.left - height - ((box.left - height) % STEP_PX); x < box.right; x += STEP_PX) {
    ctx.moveTo(x, foot);
    ctx.lineTo(x + height, head);
  }
  ctx.strokeStyle = look.colour;
  ctx.lineWidth = 2;
  ctx.stroke();
  ctx.restore();
}
