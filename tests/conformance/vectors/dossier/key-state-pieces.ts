// Key states of the states of the story, and quorum policies of whoever asks.

import { type ChainLink, FIRST_CHARTER } from '../charter/chain-forms.ts';
import type { Change } from '../charter/forms.ts';
import {
  after,
  entry,
  ISSUED_SECONDS,
  idsOf,
  type KeyStateDocument,
  keyStateOf,
} from '../key-state/forms.ts';
import { COSIGNATURE_TYPE, vkeyOf, witnessNameOf } from '../log/text.ts';
import type { KeyPair } from '../signing.ts';
import { arcadia, borealis, type State } from '../states.ts';
import type { RecordPart } from './scene.ts';
import { cimmeria } from './story.ts';

/** A second after the key states were issued. */
export const ASKED_SECONDS: number = ISSUED_SECONDS + 1;

const charterOf = (state: State): ChainLink =>
  state === arcadia
    ? FIRST_CHARTER
    : {
        message: state.charter,
        payload: state.charterPayload,
        digest: state.id,
        rootKeys: state.rootKeys,
      };

/** A list in which a key that was live stands with its time. */
function ended(state: State, key: KeyPair, list: 'revoked' | 'superseded', from: number): readonly Change[] {
  const live = (['record', 'log', 'witness', 'transport'] as const).map((usage) => state.keys[usage]);
  return [
    ['live', idsOf(live.filter(({ keyId }) => keyId !== key.keyId))],
    [list, [list === 'revoked' ? entry(key, from, 'compromised') : entry(key, from)]],
  ];
}

/** All four keys are in use. */
export const liveOf = (state: State): KeyStateDocument => keyStateOf(state, charterOf(state));

export const revoked = (state: State, key: KeyPair, from: number): KeyStateDocument =>
  keyStateOf(state, charterOf(state), ended(state, key, 'revoked', from));

export const superseded = (state: State, key: KeyPair, from: number): KeyStateDocument =>
  keyStateOf(state, charterOf(state), ended(state, key, 'superseded', from));

/** The version after another, in which a key is revoked. */
export const revokedAfter = (before: KeyStateDocument, state: State, key: KeyPair, from: number) =>
  after(before, ended(state, key, 'revoked', from), charterOf(state));

/** Without a key. */
export const without = (state: State, key: KeyPair): KeyStateDocument =>
  keyStateOf(state, charterOf(state), ended(state, key, 'superseded', 0).slice(0, 1));

const witnessLine = (name: string, state: State, key: KeyPair = state.keys.witness): string =>
  `witness ${name} ${vkeyOf(witnessNameOf(state), COSIGNATURE_TYPE, key)}\n`;

/** Borealis is enough. */
export const ONE = `${witnessLine('borealis', borealis)}quorum borealis\n`;
/** Of Arcadia, Borealis and Cimmeria this number. */
export const someOf = (count: number | 'all'): string =>
  [
    witnessLine('arcadia', arcadia),
    witnessLine('borealis', borealis),
    witnessLine('cimmeria', cimmeria),
    `group some ${count} arcadia borealis cimmeria\nquorum some\n`,
  ].join('');
/** Borealis has two keys, of which both are asked for. */
export const bothKeys = (second: KeyPair): string =>
  [
    witnessLine('first', borealis),
    witnessLine('second', borealis, second),
    'group both all first second\nquorum both\n',
  ].join('');
export const NOBODY = 'quorum none\n';

/** What is said of the key state of the issuer. */
export const ofKeyState = (
  part: RecordPart,
  { version = 1, ageSeconds = 1, stale = false } = {},
): RecordPart => ({
  ...part,
  steps: { standing: undefined, currency: undefined, ...part.steps },
  out: { ...part.out, keyState: { version, ageSeconds, stale } },
});
