// Rules that wait and rules that do not, side by side.

import type { ValidCase } from '../vector.ts';
import { needing, waiting } from './approval-scenes.ts';
import { by, decided, type Scene, type Verdict, type Verdicts } from './decision-scenes.ts';
import { type JsonObject, policy, rule } from './policy-text.ts';

export const W = waiting('a');
export const B = by('b');
export const free = (parts: string | readonly string[], name = 'b'): JsonObject => rule({ name, parts });
export const need = (members: JsonObject = {}): JsonObject => ({ ...needing(), ...members });

export function decide(
  comment: string,
  scene: Scene,
  rules: readonly JsonObject[],
  envelope: Verdict,
  verdicts: Verdicts,
  approvals: readonly JsonObject[] = [],
): ValidCase {
  return decided(comment, { ...scene, policy: policy(rules), approvals }, envelope, { ...verdicts });
}
