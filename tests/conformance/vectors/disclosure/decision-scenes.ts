// Who decides about what, for whom, by which policy: the inputs of disclosure.decide, and the forms of its verdicts.

import { cbor, type Entries, hex, type Item, map, record } from '../cbor-text.ts';
import {
  type Changes,
  type Disclosure,
  field,
  type RecordOptions,
  type RecordText,
  recordText,
} from '../record/text.ts';
import { keyPair, signMany } from '../signing.ts';
import {
  arcadia,
  borealis,
  changed,
  NOW_SECONDS,
  recognitionPayload,
  type State,
  state,
  typ,
} from '../states.ts';
import type { Json, ValidCase, VectorFile } from '../vector.ts';
import { type Account, factsOf } from './decision-facts.ts';
import { digestOf, type JsonObject, policy } from './policy-text.ts';

const named = (id: string, more: Changes = []): Entries => map([1, id], [2, record({ en: id })], ...more);
const categorySet = (id: string, type: string, values: readonly string[]): Item =>
  map([1, id], [2, type], [3, values.map((value) => named(value))]);

/** A scheme with a set of each type, and a level that no map of the vectors names. */
const CASCADIA_SCHEME: Entries = map(
  [1, 'xca-2026'],
  [2, record({ en: 'Cascadian scheme' })],
  [3, ['public', 'guarded', 'secret', 'top-secret'].map((id, rank) => named(id, [[3, rank]]))],
  [
    4,
    [
      categorySet('compartment', 'restrictive', ['aspen', 'birch']),
      categorySet('network', 'permissive', ['csirt', 'police']),
      categorySet('topic', 'informative', ['csirt', 'health']),
    ],
  ],
);

export const cascadia: State = state('XCA', [0x05], 0x31, CASCADIA_SCHEME, [
  ['legal', []],
  ['names', record({ en: 'Commonwealth of Cascadia' })],
  ['nextd', [keyPair(0x06).keyId]],
  ['contacts', []],
]);

type Levels = Readonly<Record<string, string>>;

/** What level of the first state is what level of the second. */
const LEVELS: Readonly<Record<string, Levels>> = {
  'XAR XBO': { unclassified: 'open', restricted: 'secret' },
  'XBO XAR': { open: 'unclassified', secret: 'restricted' },
  'XAR XCA': { unclassified: 'public', restricted: 'guarded', secret: 'secret' },
  'XCA XAR': { public: 'unclassified', guarded: 'restricted', secret: 'secret' },
  'XBO XCA': { open: 'public', secret: 'guarded' },
  'XCA XBO': { public: 'open', guarded: 'secret', secret: 'secret' },
};

/** A level map from one state to another. */
export function levelMap(
  from: State,
  to: State,
  levels: Levels = LEVELS[`${from.code} ${to.code}`] ?? {},
): Entries {
  const idOf = ({ scheme }: State): Item => scheme.entries.find(([key]) => key === 1)?.[1] ?? null;
  return map([1, idOf(from)], [2, idOf(to)], [3, record(levels)]);
}

/** The signed recognition of one state by another; `changes` by key of charter.md 4.1. */
export function recognition(issuer: State, subject: State, changes: Changes = []): Buffer {
  const ceilings: Readonly<Record<string, string>> = { XAR: 'restricted', XBO: 'secret', XCA: 'secret' };
  const payload = recognitionPayload(issuer, subject, [
    ['in', levelMap(subject, issuer)],
    ['out', levelMap(issuer, subject)],
    ['ceiling', ceilings[issuer.code] ?? null],
    ['categories', []],
  ]);
  return signMany(issuer.rootKeys, cbor(changed(payload.entries, changes)), typ('recognition'));
}

/** A label of a state's scheme that releases to the other two; without a TLP where none is given. */
export function labelOf(issuer: State, level: string, tlp?: string, changes: Changes = []): Entries {
  const others = [arcadia, borealis, cascadia].filter(({ code }) => code !== issuer.code).map(({ id }) => id);
  const scheme = `${issuer.code.toLowerCase()}-2026`;
  return changed(
    [
      [1, scheme],
      [2, level],
      [3, tlp],
      [5, others],
    ],
    changes,
  );
}

/** The lowest level of each state, for everybody: an envelope that stands in nobody's way. */
export function openOf(issuer: State): Entries {
  const lowest: Readonly<Record<string, string>> = { XAR: 'unclassified', XBO: 'open', XCA: 'public' };
  return labelOf(issuer, lowest[issuer.code] ?? '');
}

/** A record, and its parts by their paths. */
export interface Paths {
  readonly record: RecordText;
  readonly paths: Readonly<Record<string, Disclosure>>;
}

/** An incident of which nothing is known but a title with this label. */
export function titled(issuer: State, label: Item, options: Partial<RecordOptions> = {}): Paths {
  const title = field('title', record({ en: 'Ransomware at a hospital' }), { label });
  return {
    record: recordText({
      issuer,
      subject: 'incident/alban',
      envelope: openOf(issuer),
      body: [title],
      ...options,
    }),
    paths: { title },
  };
}

export interface Scene extends Paths {
  /** Default: the issuer of the record. */
  readonly holder?: State;
  /** Default: Borealis. */
  readonly recipient?: State;
  /** Default: everything to the recipient. */
  readonly policy?: JsonObject;
  /** Default: the holder's of the recipient and, of a record of another state, that state's and the holder's of each other. */
  readonly recognitions?: readonly Uint8Array[];
  readonly mode?: string;
  readonly purpose?: string;
  readonly atSeconds?: number;
  readonly exercise?: { readonly id: string; readonly players: readonly State[] };
  /** Default: every part, and no decoy. */
  readonly disclosures?: readonly Disclosure[];
  /** Further states that are known. */
  readonly known?: readonly State[];
  readonly issuer?: State;
  readonly account?: Account;
  readonly approvals?: readonly JsonObject[];
  /** Default: Wim, where somebody is asked; null: nobody. */
  readonly author?: string | null;
  /** Default: yes, where somebody is asked; null: not said. */
  readonly authorProven?: boolean | null;
  readonly consents?: readonly JsonObject[];
  /** Whom a letter is for. */
  readonly officer?: string;
  readonly bars?: readonly (readonly [originator: State, ...barred: State[]])[];
}

/** Everything goes, by the rule `all`. */
export function everything(recipient: State): JsonObject {
  return policy([{ name: 'all', to: recipient.code }]);
}

/** The `in` of disclosure.decide. */
export function inputOf(scene: Scene): { readonly [name: string]: Json } {
  const { record: text, issuer = arcadia, holder = issuer, recipient = borealis, exercise } = scene;
  const states = [...new Set([holder, recipient, issuer, ...(scene.known ?? [])])];
  const foreign = issuer === holder ? [] : [recognition(holder, issuer), recognition(issuer, holder)];
  const own =
    recipient === holder || (issuer !== holder && recipient === issuer)
      ? []
      : [recognition(holder, recipient)];
  return {
    policy: scene.policy ?? everything(recipient),
    charters: states.map(({ charter }) => hex(charter)),
    certificates: [hex(issuer.certificates.record)],
    recognitions: (scene.recognitions ?? [...own, ...foreign]).map(hex),
    holder: holder.idText,
    recipient: recipient.idText,
    record: hex(text.message),
    disclosures: (scene.disclosures ?? text.parts).map(({ bytes }) => hex(bytes)),
    mode: scene.mode ?? (issuer === holder ? 'push' : 'relay'),
    purpose: scene.purpose ?? 'incident-response',
    atSeconds: scene.atSeconds ?? NOW_SECONDS,
    ...(exercise && { exercise: { id: exercise.id, players: exercise.players.map(({ idText }) => idText) } }),
    ...(scene.officer !== undefined && { officer: scene.officer }),
    ...factsOf(scene),
  };
}

/** What is said of an envelope or a part. */
export type Verdict = {
  readonly outcome: 'release' | 'hold' | 'withhold';
  readonly reason?: string;
  readonly rule?: string;
  readonly check?: string;
  readonly missing?: { readonly role: string; readonly persons: number; readonly have: number };
  readonly fromSeconds?: number;
};

export const by = (rule: string): Verdict => ({ outcome: 'release', rule });
export const failed = (check: string, reason: string): Verdict => ({ outcome: 'withhold', reason, check });
export const forbiddenBy = (rule: string): Verdict => ({ outcome: 'withhold', reason: 'forbid', rule });
export const NO_PERMIT: Verdict = { outcome: 'withhold', reason: 'no-permit' };
export const INSIDE: Verdict = { outcome: 'withhold', reason: 'ancestor-withheld' };
export const INSIDE_HELD: Verdict = { outcome: 'hold', reason: 'ancestor-held' };
/** A way by a rule to something that is held. */
export const aroundHeld = (rule: string): Verdict => ({ outcome: 'hold', reason: 'part-held', rule });
export const rejectedBy = (rule: string): Verdict => ({ outcome: 'withhold', reason: 'rejected', rule });
export const embargoed = (rule: string, fromSeconds: number): Verdict => ({
  outcome: 'withhold',
  reason: 'embargo',
  rule,
  fromSeconds,
});
export const ERROR: Verdict = { outcome: 'withhold', reason: 'decision-error' };

export type Verdicts = Readonly<Record<string, Verdict>>;

/** A scene and what comes of it: envelope, and each part by its path. */
export function decided(
  comment: string,
  scene: Scene,
  envelope: Verdict,
  parts: Verdicts,
  more: JsonObject = {},
): ValidCase {
  const withOutcome = (wanted: Verdict['outcome']): readonly string[] =>
    Object.entries(parts)
      .filter(([, { outcome }]) => outcome === wanted)
      .map(([path]) => hex((scene.paths[path] as Disclosure).digest))
      .sort();
  const input = inputOf(scene);
  const [released, held] = [withOutcome('release'), withOutcome('hold')];
  const outcome = released.length > 0 ? 'release' : held.length > 0 ? 'hold' : 'withhold';
  const out = { outcome, policy: digestOf(input.policy as Json), envelope, parts, released, held, ...more };
  return { comment, in: input, out };
}

/** An incident whose title has this label, which passes with its envelope by the rule `all`, and what comes of it. */
export function titleUnder(
  comment: string,
  label: Entries,
  verdict: Verdict,
  scene: Partial<Scene> = {},
): ValidCase {
  return decided(comment, { ...titled(scene.issuer ?? arcadia, label), ...scene }, by('all'), {
    title: verdict,
  });
}

/** Rules of the grammars for the documents that a decision is made of. */
export const DOCUMENTS = {
  charters: 'charter',
  certificates: 'key-certificate',
  recognitions: 'recognition',
  record: 'record',
  disclosures: 'disclosure',
};

/** A file of decisions. */
export function decisions(name: string, valid: readonly ValidCase[]): VectorFile {
  return { topic: 'disclosure', name, op: 'disclosure.decide', grammar: DOCUMENTS, valid };
}
