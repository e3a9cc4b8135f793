import type { Anchor } from '@comity/dossier';
import { Fault, isFault } from '@comity/fault';
import { readStateCard, verifyCharterChain, verifyKeyState } from '@comity/identity';
import { isStateId, type StateId } from '@comity/label';

/** A state that the verifier trusts, and how it was told. */
export interface Trusted {
  readonly state: StateId;
  readonly anchor: Anchor;
  readonly given: 'id' | 'charter' | 'card';
  /** Of a card: the charters after the first, and the key state, as signed. */
  readonly later?: readonly Uint8Array[];
  readonly keyState?: Uint8Array;
}

/** Largest text that can be the id of a state: 64 digits, in groups, with line ends. */
const MAX_ID_BYTES = 256;

/** The id of a state as people write it: 64 hexadecimal digits, also in groups and in capital letters. */
export function trustId(text: string): Trusted | undefined {
  const state = text.replace(/\s/g, '').toLowerCase();
  return isStateId(state) ? { state, anchor: state, given: 'id' } : undefined;
}

/**
 * Reads one trust anchor: a charter as signed, the card of a state, or a file with its id. It says whom the verifier trusts,
 * so it comes from the verifier, who has compared the id over another channel, and never from a dossier (dossier.md 3.1).
 *
 * @throws Fault `document.no-anchor`: it is none of these
 */
export function readTrust(bytes: Uint8Array): Trusted {
  const id = bytes.length <= MAX_ID_BYTES ? trustId(textOf(bytes)) : undefined;
  if (id !== undefined) return id;
  const card = attempt(() => readStateCard(bytes));
  const given = card === undefined ? 'charter' : 'card';
  const anchor = card === undefined ? bytes : card.charter;
  const later = card?.laterCharters ?? [];
  const charter = attempt(() => {
    const last = verifyCharterChain([anchor, ...later]);
    if (card?.keyState !== undefined) verifyKeyState(card.keyState, last);
    return last;
  });
  if (charter === undefined) {
    throw new Fault('document.no-anchor', 'expected a charter, the card of a state, or the id of one');
  }
  return {
    ...{ state: charter.state, anchor, given },
    ...(later.length > 0 && { later }),
    ...(card?.keyState !== undefined && { keyState: card.keyState }),
  };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (thrown) {
    if (isFault(thrown)) return undefined;
    throw thrown;
  }
}

/** What is no ASCII is no id. */
function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
