import { Fault } from '@comity/fault';
import { fingerprint } from '@comity/identity';
import type { LevelMap } from '@comity/label';
import { TABLES } from '@comity/store';
import { formatTime } from '../operations/shapes.ts';
import { certifiedKey, delegatesIn } from '../records/certified-key.ts';
import type { Sovereign } from '../sovereign.ts';
import { peerStatusOf } from '../status.ts';
import { fingerprintForms } from './fingerprint-forms.ts';
import { keyStateShown } from './own-card.ts';

interface EquivalenceRow {
  readonly ours: string;
  readonly theirs: string | null;
  readonly direction: 'out' | 'in';
  readonly disputed: boolean;
  readonly inForce: boolean;
}

export async function describePeer(sovereign: Sovereign, code: string) {
  const { peers, self } = sovereign;
  const peer = peers.byCode(code);
  const agreed = peers.equivalenceWith(peer.state);
  const rows = (map: LevelMap, direction: 'out' | 'in'): EquivalenceRow[] =>
    [...map.levels].map(([from, to]) => ({
      ours: direction === 'out' ? from : to,
      theirs: direction === 'out' ? to : from,
      direction,
      disputed: agreed.disputed.includes(`${map.from}/${from}`),
      inForce: (direction === 'out' ? agreed.outbound : agreed.inbound).levels.has(from),
    }));
  const unmapped = self.charter.scheme.levels
    .filter(({ id }) => !peer.ours.outbound.levels.has(id))
    .map(
      ({ id }): EquivalenceRow => ({
        ours: id,
        theirs: null,
        direction: 'out',
        disputed: false,
        inForce: false,
      }),
    );
  return {
    status: await peerStatusOf(sovereign, peer),
    state: peer.state,
    fingerprint: fingerprint(peer.state),
    shortFingerprint: fingerprintForms(peer.charter),
    suspended: peer.suspended,
    confirmed: peers.isConfirmed(peer.state),
    ceiling: peer.ours.ceiling,
    community: peer.ours.community,
    recognisedUntil: formatTime(peer.ours.notAfterSeconds),
    equivalence: [...rows(peer.ours.outbound, 'out'), ...unmapped, ...rows(peer.ours.inbound, 'in')],
    charterVersion: peer.charter.version,
    keyState: keyStateShown(peer.keyState, sovereign.now()),
    contradictions: (await sovereign.store.list(TABLES.documents, [peer.state, 'contradiction'])).length,
    keys: peer.certificates.map((each) => certifiedKey(each, sovereign.directory)),
    delegates: delegatesIn(peer.certificates).map((each) => certifiedKey(each, sovereign.directory)),
    addresses: peer.certificates.flatMap(({ addresses }) => addresses ?? []),
  };
}

const STAGE_DETAILS: Readonly<Record<string, string>> = {
  tcp: 'a socket to the address of the transport certificate',
  psk: 'the pre-shared key of the federation',
  'noise-identity': 'the transport key in the state card, and the federation and era',
  hello: 'cards and checkpoints exchanged, accepted by the peer',
  recognition: 'the peer has shown its recognition of this state',
  ledger: "the head of the peer's ledger, and its consistency with what is held",
};

export async function testPeer(sovereign: Sovereign, code: string) {
  const peer = sovereign.peers.byCode(code);
  if (peer.suspended) throw new Fault('peer.suspended', `${code} is suspended here`);
  if (sovereign.exchange === undefined)
    throw new Fault('node.not-running', 'a connection test needs a running node');
  const report = await sovereign.exchange.testPeer(peer.state);
  return {
    peer: code,
    stages: report.stages.map(({ stage, outcome, code: fault, elapsedMs }) => ({
      stage,
      result: outcome,
      code: fault ?? null,
      tookMs: elapsedMs ?? null,
      detail: stage === 'tcp' && report.address !== undefined ? report.address : (STAGE_DETAILS[stage] ?? ''),
    })),
  };
}
