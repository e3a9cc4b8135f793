// Limits and reciprocity in a policy, and what they hold.

import { NOW_SECONDS } from '../states.ts';
import { AUTHORITY, HOUR, waiting } from './approval-scenes.ts';
import type { Verdict } from './decision-scenes.ts';
import { type JsonObject, policy } from './policy-text.ts';

export const WEEK = { to: 'XBO', releases: 2, per: 'P7D', then: 'hold' };
export const limited = (
  rules: readonly JsonObject[],
  limits: readonly JsonObject[],
  more: JsonObject = {},
): JsonObject => policy(rules, { limits, ...more });
export const limit = (index = 0, have = 0, persons = 1, role = AUTHORITY): Verdict =>
  waiting(`limits[${index}]`, have, persons, role, 'limit');
export const times = (count: number, atSeconds = NOW_SECONDS - HOUR): readonly number[] =>
  Array<number>(count).fill(atSeconds);

export const RATIO = { to: 'XBO', 'when-ratio-below': 0.2, then: 'hold' };
export const reciprocity = (index = 0): Verdict =>
  waiting(`reciprocity[${index}]`, 0, 1, AUTHORITY, 'reciprocity');
