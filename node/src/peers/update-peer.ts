import { Fault } from '@comity/fault';
import { assertAgreed, readStateCard, type VerifiedRecognition, verifyCharter } from '@comity/identity';
import { TABLES } from '@comity/store';
import type { Emit } from '../control/operation.ts';
import { formatTime } from '../operations/shapes.ts';
import { reconcileWith } from '../recovery/reconcile.ts';
import type { Sovereign } from '../sovereign.ts';
import { judgeNews, newsOf } from './card-news.ts';
import { learnKeys } from './learn-keys.ts';
import { keyStateShown } from './own-card.ts';
import { keyTurns } from './peer-turns.ts';
import type { Peer } from './peers.ts';
import { decoded, theirRecognition } from './signed-recognition.ts';
import { connectAsKnown } from './suspend.ts';

interface Updated {
  readonly peer: string;
  /** Whether both sides have signed the same by now. */
  readonly confirmed: boolean;
  readonly changed: boolean;
  readonly charterVersion: number;
  readonly keyState: ReturnType<typeof keyStateShown>;
}

/**
 * Takes what is new in a card of a peer as from its hello: a revocation counts whoever has brought it, also where the peer
 * itself cannot connect. Nothing is recognised by it.
 *
 * @param brought state card, and the peer's recognition of this state where that came with it; base64
 * @throws Fault peer.unknown, peer.recognition-older, identity.equivalence-not-agreed, and as `judgeNews` and `learnKeys`
 */
export async function updatePeer(
  sovereign: Sovereign,
  brought: { readonly card: string; readonly theirs?: string | undefined },
  emit: Emit,
): Promise<Updated> {
  const card = readStateCard(decoded(brought.card));
  const { state, code } = verifyCharter(card.charter);
  const { peers } = sovereign;
  const learnt = await keyTurns(sovereign, state).take(async () => {
    const known = peers.get(state);
    if (known === undefined) throw new Fault('peer.unknown', `${code} is no peer`, { fields: { code } });
    const news = newsOf(card, known);
    const offered =
      news === undefined
        ? { charter: known.charter, certificates: [] }
        : await judgeNews(sovereign, known, card, news);
    const theirs = newerOf(known, theirRecognition(sovereign, offered.charter, brought.theirs));
    if (news === undefined && theirs === undefined) return undefined;
    return learnKeys(sovereign, known, offered, theirs);
  });
  const peer = peers.byCode(code);
  if (learnt?.isOwed) await reconcileWith(sovereign, peer, emit);
  if (learnt?.hasNewKeys) await connectAsKnown(sovereign, peer);
  return {
    peer: code,
    confirmed: peers.isConfirmed(state),
    changed: learnt !== undefined && (learnt.hasNewKeys || learnt.isOwed),
    charterVersion: peer.charter.version,
    keyState: keyStateShown(peer.keyState, sovereign.now()),
  };
}

/** What is given where it is newer than what is known; the first has to agree (recognition.md 4.4). */
function newerOf(
  { ours, theirs: known }: Peer,
  given: VerifiedRecognition | undefined,
): VerifiedRecognition | undefined {
  if (given === undefined || given.issuedAtSeconds <= (known?.issuedAtSeconds ?? 0)) return undefined;
  if (known === undefined) assertAgreed(ours, given);
  return given;
}

/** The evidence that is kept against a peer, the oldest first. @throws Fault peer.unknown, peer.faulty */
export async function evidenceAgainst(
  { peers, store }: Sovereign,
  code: string,
): Promise<{ peer: string; evidence: { foundAt: string; file: string }[] }> {
  const { state } = peers.byCode(code);
  const rows = (await store.list(TABLES.documents, [state, 'contradiction'])).map(({ row }) => row);
  return {
    peer: code,
    evidence: rows
      .toSorted((a, b) => a.storedAtSeconds - b.storedAtSeconds)
      .map(({ bytes, storedAtSeconds }) => ({
        foundAt: formatTime(storedAtSeconds),
        file: Buffer.from(bytes).toString('base64'),
      })),
  };
}
