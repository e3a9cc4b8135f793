// Rules and limits that wait for officers, and what these say.

import { arcadia, NOW_SECONDS } from '../states.ts';
import type { Json, ValidCase } from '../vector.ts';
import { digestsOf } from './decision-facts.ts';
import { decided, labelOf, type Scene, titled, type Verdict } from './decision-scenes.ts';
import { digestOf, type JsonObject, policy, rule } from './policy-text.ts';

export const AUTHORITY = 'release-authority';
export const HOUR = 3_600;
export const DAY = 86_400;

/** What a rule, or an entry of limits or reciprocity, says, and under which name. */
export interface Asking {
  readonly name: string;
  readonly value: JsonObject;
}

/** A rule as one that asks. */
export function asking(value: JsonObject): Asking {
  return { name: value.name as string, value };
}

/** An entry of a policy at its place. */
export function entryOf(owner: JsonObject, list: 'limits' | 'reciprocity', index = 0): Asking {
  return { name: `${list}[${index}]`, value: (owner[list] as readonly JsonObject[])[index] as JsonObject };
}

/**
 * What an officer has said of some parts: an approval by Ada, an hour ago and until tomorrow, in mode push for
 * incident-response; `changes` replace members.
 */
export function said(
  { name, value }: Asking,
  scene: Pick<Scene, 'record' | 'paths'>,
  at: readonly string[],
  changes: JsonObject = {},
): JsonObject {
  return {
    officer: 'ada',
    roles: [AUTHORITY],
    decision: 'approve',
    rule: name,
    ruleDigest: digestOf(value),
    parts: digestsOf(scene, at),
    mode: 'push',
    purpose: 'incident-response',
    atSeconds: NOW_SECONDS - HOUR,
    notAfterSeconds: NOW_SECONDS + DAY,
    ...changes,
  };
}

/** Held by a rule, or by an entry with its reason, until as many of the persons approve. */
export function waiting(
  name: string,
  have = 0,
  persons = 1,
  role = AUTHORITY,
  reason = 'approval-needed',
): Verdict {
  return { outcome: 'hold', reason, rule: name, missing: { role, persons, have } };
}

/** A title that goes by rule `a` when officers approve. */
export const TITLED: Scene = titled(arcadia, labelOf(arcadia, 'unclassified'));

/** Rule `a` with this need of approval. */
export function needing(approve: JsonObject = {}): JsonObject {
  return rule({ approve: { by: AUTHORITY, ...approve } });
}

/** The scene of a title under a policy of these rules. */
export function under(rules: Json, more: JsonObject = {}): Scene {
  return { ...TITLED, policy: policy(rules, more) };
}

/** What comes of the title when rule `a` needs `approve` and this was said; the envelope waits where the title does not go. */
export function titleBy(
  comment: string,
  approve: JsonObject,
  statements: (rule: JsonObject) => readonly JsonObject[],
  verdict: Verdict,
  envelope: Verdict = verdict,
  more: Partial<Scene> = {},
): ValidCase {
  const needed = needing(approve);
  const approvals = statements(needed);
  return decided(comment, { ...under([needed]), approvals, ...more }, envelope, { title: verdict });
}

export const title = (rule: JsonObject, changes: JsonObject = {}): JsonObject =>
  said(asking(rule), TITLED, ['title'], changes);
export const BEN = { officer: 'ben' };
export const NO = { decision: 'reject' };
