// Key states of Arcadia with single members changed, and what a verifier says of them.

import { cbor, type Entries, hex, type Item, map, sha256 } from '../cbor-text.ts';
import { type ChainLink, FIRST_CHARTER } from '../charter/chain-forms.ts';
import { type Change, DAY_SECONDS, type Named, signedAs } from '../charter/forms.ts';
import type { KeyPair } from '../signing.ts';
import { arcadia, BEGIN_SECONDS, changed, type State } from '../states.ts';

export const ISSUED_SECONDS: number = BEGIN_SECONDS + 10 * DAY_SECONDS;
export const KEY_STATE_DAYS = 14;

export const USAGES = ['record', 'log', 'witness', 'transport'] as const;

/** Ids of keys in the order of a list. */
export const idsOf = (keys: readonly KeyPair[]): Buffer[] =>
  keys.map(({ keyId }) => keyId).toSorted((a, b) => Buffer.compare(a, b));

export const entry = (key: KeyPair, fromSeconds: Item, ...reason: readonly Item[]): Item => [
  key.keyId,
  fromSeconds,
  ...reason,
];

export interface KeyStateDocument {
  readonly message: Buffer;
  readonly payload: Entries;
  readonly digest: Buffer;
}

/** A key state of a state whose four keys are live, under a charter of it, with these changes. */
export function keyStateOf(
  state: State,
  charter: ChainLink = FIRST_CHARTER,
  changes: readonly Change[] = [],
  signers: readonly KeyPair[] = charter.rootKeys,
): KeyStateDocument {
  const payload = changed(
    [
      [1, state.idText],
      [4, ISSUED_SECONDS + KEY_STATE_DAYS * DAY_SECONDS],
      [6, ISSUED_SECONDS],
      ['v', 1],
      ['live', idsOf(USAGES.map((usage) => state.keys[usage]))],
      ['prev', null],
      ['charter', charter.digest],
      ['revoked', []],
      ['superseded', []],
    ],
    [...new Map(changes)],
  );
  return { message: signedAs('key-state', payload, signers), payload, digest: sha256(cbor(payload)) };
}

/** The key state after another: the next version, with its digest. */
export function after(
  before: KeyStateDocument,
  changes: readonly Change[],
  charter: ChainLink = FIRST_CHARTER,
  signers: readonly KeyPair[] = charter.rootKeys,
): KeyStateDocument {
  const version = before.payload.entries.find(([key]) => key === 'v')?.[1] as number;
  const members: Change[] = [['v', version + 1], ['prev', before.digest], ...changes];
  const payload = changed(before.payload.entries, [...new Map(members)]);
  return { message: signedAs('key-state', payload, signers), payload, digest: sha256(cbor(payload)) };
}

/** Lists in which a key of Arcadia that was live is revoked, or superseded. */
export function ended(key: KeyPair, list: 'revoked' | 'superseded', end: Item): readonly Change[] {
  const live = idsOf(USAGES.map((usage) => arcadia.keys[usage]).filter(({ keyId }) => keyId !== key.keyId));
  return [
    ['live', live],
    [list, [end]],
  ];
}

/** What `key-state.verify` says. */
export function keyStateOut({ payload, digest }: KeyStateDocument): Named {
  const of = (name: Item): Item => payload.entries.find(([key]) => key === name)?.[1] as Item;
  const ends = (name: string): Named[] =>
    (of(name) as readonly (readonly Item[])[]).map(([kid, from, reason]) => ({
      keyId: hex(kid as Uint8Array),
      fromSeconds: from as number,
      ...(reason !== undefined && { reason: reason as string }),
    }));
  const previous = of('prev');
  const logs = of('logs') as readonly (readonly Item[])[] | undefined;
  return {
    state: of(1) as string,
    version: of('v') as number,
    digest: hex(digest),
    ...(previous !== null && { previous: hex(previous as Uint8Array) }),
    live: (of('live') as readonly Uint8Array[]).map(hex),
    superseded: ends('superseded'),
    revoked: ends('revoked'),
    ...(logs !== undefined && { endedLogs: logs.map(endedLogOut) }),
    issuedAtSeconds: of(6) as number,
    expiresAtSeconds: of(4) as number,
  };
}

function endedLogOut([end, endedAtSeconds, reason]: readonly Item[]): Named {
  const [size, root] = (end ?? []) as readonly Item[];
  return {
    ...(end !== null && { size: size as number, root: hex(root as Uint8Array) }),
    endedAtSeconds: endedAtSeconds as number,
    reason: reason as string,
  };
}

/** Evidence of two cards without certificates. */
export function evidenceOf(one: Item, other: Item): Buffer {
  return cbor(map([1, one], [2, other]));
}

/** A card without certificates: charters, the first first, and a key state. */
export function bareCard(charters: readonly ChainLink[], keyState?: KeyStateDocument): Buffer {
  const [first, ...later] = charters.map(({ message }) => message);
  return cbor(
    map(
      [1, first as Buffer],
      [2, []],
      ...(keyState === undefined ? [] : [[3, keyState.message] as const]),
      ...(later.length === 0 ? [] : [[4, later] as const]),
    ),
  );
}
