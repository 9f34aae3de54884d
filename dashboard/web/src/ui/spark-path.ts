/** The line of a sparkline. */

/**
 * @param values evenly spaced; null breaks the line.
 * @returns SVG path data in a box of that size, its foot at zero or below; empty without a value.
 */
export function sparkPath(values: readonly (number | null)[], width: number, height: number): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return '';
  const low = Math.min(0, ...known);
  const high = Math.max(...known);
  const span = high - low || 1;
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  let path = '';
  let open = false;
  for (const [index, value] of values.entries()) {
    if (value !== null) {
      const x = (index * step).toFixed(1);
      const y = (height - ((value - low) / span) * height).toFixed(1);
      // A lone point between two gaps still shows: a line of no length with round ends.
      path += open ? `L${x} ${y}` : `M${x} ${y}L${x} ${y}`;
    }
    open = value !== null;
  }
  return path;
}
