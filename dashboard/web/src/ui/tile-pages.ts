/** Tiles on pages: as many as a hand in a glove can hit, never more than twelve. */

export const TILES_MAX = 12;

export interface TileRoom {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Smallest side of a tile, and the gap between two. */
  readonly tilePx: number;
  readonly gapPx: number;
}

export interface TileGrid {
  readonly columns: number;
  readonly rows: number;
}

/** @returns columns and rows that fit, at least one tile and at most {@link TILES_MAX}. */
export function tileGrid({ widthPx, heightPx, tilePx, gapPx }: TileRoom): TileGrid {
  const fit = (sidePx: number): number => Math.max(1, Math.floor((sidePx + gapPx) / (tilePx + gapPx)));
  const columns = Math.min(6, fit(widthPx));
  const rows = Math.min(fit(heightPx), Math.max(1, Math.floor(TILES_MAX / columns)));
  return { columns, rows };
}

export interface TilePage<T> {
  readonly group: string | null;
  readonly tiles: readonly T[];
}

/**
 * Groups stay together: a page holds tiles of one group only, unless all fit on one page.
 * @param perPage at least 1.
 */
export function tilePages<T extends { readonly group: string | null }>(
  tiles: readonly T[],
  perPage: number,
): readonly TilePage<T>[] {
  if (tiles.length <= perPage) return [{ group: null, tiles }];
  const groups = new Map<string | null, T[]>();
  for (const tile of tiles) groups.set(tile.group, [...(groups.get(tile.group) ?? []), tile]);
  return [...groups].flatMap(([group, members]) => {
    const pages: TilePage<T>[] = [];
    for (let from = 0; from < members.length; from += perPage) {
      pages.push({ group, tiles: members.slice(from, from + perPage) });
    }
    return pages;
  });
}
