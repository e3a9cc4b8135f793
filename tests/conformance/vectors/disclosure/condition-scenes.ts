// Records that state something, and a condition of it on a permitting and on a forbidding rule.

import { type Item, record } from '../cbor-text.ts';
import { type Disclosure, field, recordText } from '../record/text.ts';
import { arcadia } from '../states.ts';
import type { ValidCase } from '../vector.ts';
import {
  by,
  decided,
  forbiddenBy,
  INSIDE,
  NO_PERMIT,
  openOf,
  type Paths,
  type Scene,
  type Verdict,
} from './decision-scenes.ts';
import { type JsonObject, policy, rule } from './policy-text.ts';

export function stating(
  fields: Readonly<Record<string, Item>>,
  type = 'incident',
  clear: Readonly<Record<string, Item>> = {},
): Paths {
  const paths = Object.fromEntries(
    Object.entries(fields).map(([name, content]) => [name, field(name, content)]),
  );
  return {
    record: recordText({
      issuer: arcadia,
      subject: `${type}/alban`,
      envelope: openOf(arcadia),
      body: Object.values(paths),
      payload: Object.entries(clear),
    }),
    paths,
  };
}

export type Holds = 'yes' | 'no' | 'unknown';

export function both(
  comment: string,
  scene: Scene,
  when: JsonObject,
  holds: Holds,
  isKnownType = true,
): readonly ValidCase[] {
  const held = Object.keys(scene.paths).filter(
    (name) => scene.disclosures?.includes(scene.paths[name] as Disclosure) ?? true,
  );
  const all = (verdict: Verdict) => Object.fromEntries(held.map((name) => [name, verdict]));
  const permits = holds === 'yes' && isKnownType;
  const permitting = policy([rule({ when })]);
  const forbidding = policy([rule(), rule({ name: 'b', when, effect: 'forbid' })]);
  const withheld = holds !== 'no' ? forbiddenBy('b') : NO_PERMIT;
  return [
    decided(
      `${comment}: ${permits ? 'the permitting rule matches' : 'no permitting rule matches'}`,
      { ...scene, policy: permitting },
      permits ? by('a') : NO_PERMIT,
      all(permits ? by('a') : INSIDE),
    ),
    decided(
      `${comment}: ${holds === 'no' ? 'the forbidding rule does not match' : 'the forbidding rule matches'}`,
      { ...scene, policy: forbidding },
      holds === 'no' && isKnownType ? by('a') : withheld,
      all(holds === 'no' && isKnownType ? by('a') : INSIDE),
    ),
  ];
}

export const title: Item = record({ en: 'Ransomware at a hospital' });

export const severity = (scale: string, value: string): Item => record({ scale, value });
