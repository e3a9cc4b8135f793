import type { VectorFile } from '../vector.ts';
import { combinationVectors } from './combination.ts';
import { combinationRefused } from './combination-refused.ts';
import { labelVectorFile } from './labels.ts';
import { labelsRefused } from './labels-refused.ts';
import { markingVectors } from './markings.ts';
import { orderVectors } from './order.ts';
import { orderRefused } from './order-refused.ts';
import { schemeVectors } from './schemes.ts';
import { schemesRefused } from './schemes-refused.ts';
import { timeVectors } from './times.ts';

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
