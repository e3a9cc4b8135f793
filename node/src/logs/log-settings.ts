import type { RowValue } from '@comity/store';

/** Setting: how many of the leaves are records; the others are charters, key states and padding. A log that is older than padding has none. */
export const RECORDS_SETTING = 'origin-records';
/** Setting: the interval that the newest checkpoint was made in. */
export const INTERVAL_SETTING = 'origin-interval';
/** Setting, before the id of a peer: size of the own checkpoint that it has cosigned last. */
export const COSIGNED_SETTING = 'witnessed-by/';

/** Where a leaf stands in the logs of this state. */
export interface LogPlace {
  /** 1 for the first log. */
  readonly generation: number;
  readonly index: number;
}

/** The row of a leaf: a number in the first log, and a pair in a later one. */
export function placeRow({ generation, index }: LogPlace): RowValue {
  return generation === 1 ? index : [generation, index];
}

export function placeIn(row: RowValue): LogPlace {
  if (!Array.isArray(row)) return { generation: 1, index: row as number };
  const [generation, index] = row as unknown as readonly [number, number];
  return { generation, index };
}

/** Whether a leaf has its row there: padding has none. */
export function isPlacedAt(row: RowValue | undefined, generation: number, index: number): boolean {
  if (row === undefined) return false;
  const place = placeIn(row);
  return place.generation === generation && place.index === index;
}
