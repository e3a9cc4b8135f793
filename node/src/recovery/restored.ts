import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { rejectedReleases } from '../officers/rejections.ts';
import type { RestoredStatus } from '../operations/put-back.ts';
import { formatTime } from '../operations/shapes.ts';
import { changePutBack, releaseHeld } from '../peers/hear-peers.ts';
import { localUser } from '../process/local-user.ts';
import type { Sovereign } from '../sovereign.ts';

/** What is still to be known again after the store was put back, and what people have to look at. */
export async function restoredStatus(sovereign: Sovereign): Promise<RestoredStatus> {
  const { putBack, peers, policy } = sovereign;
  const { atSeconds, isConfirmed, unheard } = putBack.state;
  const rejected = isConfirmed ? undefined : (await rejectedReleases(sovereign, {})).rejected;
  return {
    since: atSeconds === undefined ? null : formatTime(atSeconds),
    held: putBack.isShut((peer) => peers.isShutOut(peer)),
    confirmed: isConfirmed,
    policy: policy === undefined ? null : { version: policy.version, digest: policy.digest },
    suspended: peers.all().flatMap(({ code, suspended }) => (suspended ? [code] : [])),
    rejections: rejected?.length ?? null,
    unheard: [...unheard]
      .map(([state, isAwaited]) => ({
        peer: peers.codeOf(state) ?? state,
        awaited: isAwaited && !peers.isShutOut(state),
        returned: !putBack.lacksLedger(state),
      }))
      .sort((a, b) => (a.peer < b.peer ? -1 : 1)),
  };
}

/**
 * Goes on without what some peers have still to give back: one that cannot be reached. What it holds alone stays unknown until it
 * is heard; nothing is written to it or released to it before.
 *
 * @param codes of peers, or ids of states that are none
 * @throws Fault peer.heard
 */
export async function stopAwaiting(sovereign: Sovereign, codes: readonly string[]): Promise<RestoredStatus> {
  const { putBack, peers } = sovereign;
  for (const code of codes) {
    const state = (peers.stateOf(code) ?? code) as StateId;
    const wasShut = sovereign.door.isShut;
    if (!putBack.isUnheard(state))
      throw new Fault('peer.heard', `nothing waits for ${code}`, { fields: { code } });
    await changePutBack(
      sovereign,
      ({ unheard, ...rest }) => ({
        ...rest,
        unheard: new Map([...unheard].map(([peer, was]) => [peer, peer === state ? false : was])),
      }),
      { event: 'peer-not-awaited', fields: { peer: state, user: localUser() } },
    );
    await releaseHeld(sovereign, wasShut ? peers.all() : []);
  }
  return restoredStatus(sovereign);
}

/** Takes policy, suspensions and rejections as they are: what was lost of them nobody can give back (disclosure.md 8.10). */
export async function confirmRestored(sovereign: Sovereign): Promise<RestoredStatus> {
  const { putBack, peers, policy } = sovereign;
  if (putBack.state.isConfirmed) return restoredStatus(sovereign);
  await changePutBack(sovereign, (state) => ({ ...state, isConfirmed: true }), {
    event: 'put-back-confirmed',
    fields: { user: localUser(), policy: policy?.digest ?? '' },
  });
  await releaseHeld(sovereign, peers.all());
  return restoredStatus(sovereign);
}
