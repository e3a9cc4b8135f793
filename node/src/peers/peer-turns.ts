import { Turns } from '../process/turns.ts';
import { perPeer } from './per-peer.ts';

/** Whatever stores what a peer released takes its turn here: its batches, and what is fetched from it again. */
export const peerTurns = perPeer(() => new Turns());

/** Whoever changes what is known of a peer's keys takes a turn: what two learn at once, neither may overwrite. */
export const keyTurns = perPeer(() => new Turns());

/** A peer answers one question of this state at a time, and refuses another: those of several users wait for each other. */
export const questionTurns = perPeer(() => new Turns());
