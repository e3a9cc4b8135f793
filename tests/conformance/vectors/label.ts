import { combinationVectors } from './label-combination.ts';
import { combinationRefused } from './label-combination-refused.ts';
import { labelVectorFile } from './label-labels.ts';
import { labelsRefused } from './label-labels-refused.ts';
import { markingVectors } from './label-markings.ts';
import { orderVectors } from './label-order.ts';
import { orderRefused } from './label-order-refused.ts';
import { schemeVectors } from './label-schemes.ts';
import { schemesRefused } from './label-schemes-refused.ts';
import { timeVectors } from './label-times.ts';
import type { VectorFile } from './vector.ts';

/** Vectors of label.md. */
export function labelVectors(): readonly VectorFile[] {
  return [
    schemeVectors,
    ...schemesRefused,
    labelVectorFile,
    ...labelsRefused,
    ...orderVectors,
    orderRefused,
    ...combinationVectors,
    combinationRefused,
    ...timeVectors,
    ...markingVectors,
  ];
}
