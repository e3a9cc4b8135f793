import { Fault } from '@comity/fault';
import { effectiveLabel, mapLevel } from '@comity/label';
import { closeUpward, type View } from '@comity/record';
import type { Consent } from '@comity/registry';
import type { Peer } from '../peers/peers.ts';
import { findRecord } from '../records/find-record.ts';
import { groundsOf } from '../release/grounds.ts';
import { nothingApplies, reasonText } from '../release/outcomes.ts';
import { partsUnder } from '../release/parts-under.ts';
import type { Sovereign } from '../sovereign.ts';
import { type ConsentIssued, codeOf, issueFor } from './issue-consent.ts';

/** What this state would hand on with a consent that it has asked for. */
export interface Onward {
  readonly parts: number;
  /** Parts that would wait for officers. */
  readonly held: number;
  /** Why nothing would go even then. */
  readonly reason: string | null;
}

export interface Asking {
  readonly id: string;
  /** Code of the state to which it is to be handed on. */
  readonly to: string;
  readonly purpose: string;
  /** Paths of the parts that are asked for, with all that stands in them; absent: all parts that are held at this moment. */
  readonly parts?: readonly string[] | undefined;
  readonly reason: string;
  readonly language: string;
  readonly replyBy?: string | undefined;
}

/**
 * Asks the originator of a record whether it may be handed on (release-request).
 *
 * @throws Fault record.not-found, record.ambiguous-id, record.own, record.no-such-part, consent.same-state,
 *   peer.unknown; DocumentFaults record.*
 */
export async function askRelease(
  sovereign: Sovereign,
  asking: Asking,
): Promise<ConsentIssued & { readonly onward: Onward }> {
  const { self, peers } = sovereign;
  const { view } = await findRecord(sovereign, asking.id);
  const { id, issuer } = view.header;
  if (issuer === self.state)
    throw new Fault('record.own', 'nobody has to be asked about a record of this state', {
      fields: { record: id },
    });
  const originator = codeOf(sovereign, issuer);
  if (asking.to === originator || asking.to === self.charter.code)
    throw new Fault('consent.same-state', `${asking.to} has the record: expected a third state`, {
      fields: { record: id, code: asking.to },
    });
  const thirdParty = peers.byCode(asking.to);
  // What may come to be held later was not meant by whoever decides now: the request names what it is about.
  const wanted = asking.parts === undefined ? view.parts : partsUnder(view, asking.parts);
  const digests = wanted.map(({ digest }) => digest);
  const parts = [...closeUpward(view, digests)];
  const draft = {
    type: 'release-request',
    label: { classification: levelHere(sovereign, view), releasableTo: [originator] },
    content: {
      record: id,
      parts,
      thirdParty: thirdParty.code,
      purpose: asking.purpose,
      reason: { [asking.language]: asking.reason },
      ...(asking.replyBy !== undefined && { replyBy: asking.replyBy }),
    },
  };
  const issued = await issueFor(sovereign, draft, [originator]);
  return { ...issued, onward: await onwardWith(sovereign, view, thirdParty, asking.purpose, parts) };
}

/** What this state itself would hand on if it had the consent that it asks for. */
async function onwardWith(
  sovereign: Sovereign,
  view: View,
  thirdParty: Peer,
  purpose: string,
  parts: readonly string[],
): Promise<Onward> {
  const { door, self } = sovereign;
  const atSeconds = sovereign.now();
  const consent: Consent = {
    recordId: view.header.id,
    parts: new Set(parts),
    holder: self.state,
    thirdParty: thirdParty.state,
    purposes: [purpose],
    fromSeconds: atSeconds,
    untilSeconds: atSeconds + 1,
    grant: view.header.id,
  };
  const grounds = { ...(await groundsOf(sovereign, view, thirdParty.state)), consents: [consent] };
  const isStanding = door.purposes('relay').includes(purpose);
  const decision = isStanding
    ? door.decide(view, thirdParty.state, 'relay', purpose, grounds, atSeconds)
    : undefined;
  if (decision === undefined)
    return { parts: 0, held: 0, reason: await nothingApplies(sovereign, view, thirdParty) };
  const { envelope, released, held } = decision;
  const [first = envelope] = decision.parts.filter(({ outcome }) => outcome === 'withhold');
  const reason = reasonText(envelope.outcome === 'withhold' ? envelope : first);
  return { parts: released.size, held: held.size, reason: released.size + held.size > 0 ? null : reason };
}

/** The level that the envelope of a record of another state has here; where none is agreed, the highest that may go there. */
function levelHere(sovereign: Sovereign, { header }: View): string {
  const inbound = sovereign.peers.inboundOf(header.issuer, sovereign.now());
  const { classification } = effectiveLabel(header.label, sovereign.now());
  const level = inbound && mapLevel(classification, inbound);
  return level ?? sovereign.peers.recipientOf(header.issuer).ceiling;
}
