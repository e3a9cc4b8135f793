import type { StateCode, StateId } from '@comity/label';
import type { Sovereign } from '../sovereign.ts';

type Known = Pick<Sovereign, 'self' | 'peers'>;

/** How a state is named to people: by its code, this state's own or a peer's, or by its id where it is neither. */
export function codeOrId({ self, peers }: Known, state: StateId): StateCode | StateId {
  return state === self.state ? self.charter.code : (peers.codeOf(state) ?? state);
}

/** The state that people name by its code: this one, or a peer. @throws Fault peer.unknown, peer.faulty */
export function stateOfCode({ self, peers }: Known, code: string): StateId {
  return code === self.charter.code ? self.state : peers.byCode(code).state;
}
