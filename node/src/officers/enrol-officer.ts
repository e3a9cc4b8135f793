import {
  issueOfficer,
  type KnownOfficer,
  type OfficerRole,
  verifyOfficer,
  whyNotInForce,
} from '@comity/approval';
import { equalBytes, toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { type NewAuditEntry, TABLES, WriteSet } from '@comity/store';
import type { Emit } from '../control/operation.ts';
import { reconcile, reviseDoor } from '../recovery/reconcile.ts';
import type { Sovereign } from '../sovereign.ts';
import { appendActs, requireEnders } from './confirm-officer.ts';
import { rowKeyOf } from './officers.ts';

const DAY_SECONDS = 86_400;
/** A fresh certificate must not look "not yet valid" to a machine whose clock is slightly behind. */
const CLOCK_TOLERANCE_SECONDS = 300;
/** With the tolerance at the begin, a day less than the 400 that a certificate may have. */
export const MAX_OFFICER_DAYS = 399;

export interface Enrolment {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly OfficerRole[];
  /** Ed25519; the private key is with the officer. */
  readonly publicKey: Uint8Array;
  /** X25519. */
  readonly sealKey: Uint8Array;
  readonly validDays: number;
}

/**
 * Certifies an officer of this state with its record key. He counts for nothing until it is proven who has enrolled him
 * (`confirmOfficer`). One id is one person: who has been ended, or whose certificate is over, can be enrolled again with new
 * keys, and then only these count.
 *
 * @throws Fault officer.enrolled, officer.*, node.clock-held, ed25519.*, cbor.shape, identity.* where the record key is not valid now
 */
export function enrolOfficer(sovereign: Sovereign, enrolment: Enrolment): Promise<KnownOfficer> {
  const { self, directory, officers, signers, entropy } = sovereign;
  const { id, name, roles, publicKey, sealKey, validDays } = enrolment;
  return sovereign.releases.take(async () => {
    const atSeconds = sovereign.now();
    // A certificate has a term, which is signed.
    sovereign.clock.assertTrusted();
    const known = officers.own.list().find((each) => each.officer.id === id && isOpen(each, atSeconds));
    if (known !== undefined) {
      throw new Fault('officer.enrolled', `${id} is an officer already`, {
        fields: { officer: id, notAfterSeconds: known.officer.notAfterSeconds },
      });
    }
    const officer = await issueOfficer(
      {
        state: self.state,
        id,
        name,
        roles,
        publicKey,
        sealKey,
        issuedAtSeconds: atSeconds,
        notBeforeSeconds: atSeconds - CLOCK_TOLERANCE_SECONDS,
        notAfterSeconds: atSeconds + validDays * DAY_SECONDS,
        certificateId: entropy(16),
      },
      directory,
      signers.record,
    );
    return keep(sovereign, { officer, endedAtSeconds: null, isProven: false }, 'officer-enrolled');
  });
}

/**
 * Takes the certificate of a peer's officer, as that state has exported it. It counts for nothing here but to seal letters.
 *
 * @throws Fault officer.own, officer.wrong-document, officer.key-certified-twice, peer.unknown, cbor.*, cose.*, ed25519.*,
 *   identity.*
 */
export function importOfficer(sovereign: Sovereign, bytes: Uint8Array): Promise<KnownOfficer> {
  const { self, directory, officers, peers } = sovereign;
  return sovereign.releases.take(async () => {
    const officer = verifyOfficer(bytes, directory);
    if (officer.state === self.state) {
      throw new Fault('officer.own', `${officer.id} is an officer of this state`, {
        fields: { officer: officer.id },
      });
    }
    if (peers.get(officer.state) === undefined) {
      throw new Fault('peer.unknown', 'the officer is one of a state that is no peer', {
        fields: { state: officer.state },
      });
    }
    const known = officers.of(officer.state).find(officer.kid);
    if (known !== undefined && equalBytes(known.officer.bytes, officer.bytes)) return known;
    return keep(sovereign, { officer, endedAtSeconds: null, isProven: true }, 'officer-imported');
  });
}

/**
 * Ends an officer from now on, with all keys that have been certified: nothing counts any more that he signs,
 * and nothing that he has approved. What he has rejected stays rejected.
 * One of a peer is ended here only: no letters are sealed to him any more.
 *
 * @param state whose officer it is
 * @param acts what was signed that he is to be ended: of one of this state who is proven it takes administrators, root keys or
 *   himself (approval.md §9)
 * @throws Fault officer.unknown, officer.needs-administrator, act.*, approval.*
 */
export async function endOfficer(
  sovereign: Sovereign,
  state: StateId,
  id: string,
  acts: readonly Uint8Array[],
  emit: Emit,
): Promise<readonly KnownOfficer[]> {
  const { officers } = sovereign;
  const ended: KnownOfficer[] = [];
  const set = new WriteSet();
  const atSeconds = sovereign.now();
  for (const known of officersCalled(sovereign, state, id)) {
    // What is over already stays as it is.
    if (!isOpen(known, atSeconds)) continue;
    const { officer } = known;
    const end = { ...known, endedAtSeconds: atSeconds };
    if (state === sovereign.self.state) {
      const signed = requireEnders(sovereign, known, acts, atSeconds);
      await appendActs(sovereign, set, officer, signed);
    }
    ended.push(end);
    set
      .put(TABLES.officers, rowKeyOf(end), { bytes: officer.bytes, endedAtSeconds: atSeconds })
      .audit({ atSeconds, event: 'officer-ended', fields: auditFieldsOf(end) });
  }
  const putInForce = (): void => {
    for (const end of ended) officers.add(end);
  };
  if (ended.length > 0 && state === sovereign.self.state) {
    // What he has approved and has not been fetched yet stays here from now on; nothing goes that did not before.
    await reviseDoor(sovereign, set, putInForce);
    await reconcile(sovereign, [], emit);
  } else {
    await sovereign.store.commit(set);
    putInForce();
  }
  return ended;
}

/** Whether a certificate is not over, whether it is proven or not. */
function isOpen(known: KnownOfficer, atSeconds: number): boolean {
  const why = whyNotInForce(known, atSeconds);
  return why !== 'officer.ended' && why !== 'officer.expired';
}

/** What is known of an officer, each of his certificates. @throws Fault officer.unknown */
export function officersCalled(
  { officers }: Pick<Sovereign, 'officers'>,
  state: StateId,
  id: string,
): readonly KnownOfficer[] {
  const called = officers
    .of(state)
    .list()
    .filter(({ officer }) => officer.id === id);
  if (called.length === 0)
    throw new Fault('officer.unknown', `no officer ${id}`, { fields: { officer: id } });
  return called;
}

/** Stores an officer who is new here. */
async function keep(
  { store, officers, now }: Sovereign,
  known: KnownOfficer,
  event: 'officer-enrolled' | 'officer-imported',
): Promise<KnownOfficer> {
  const { officer, endedAtSeconds } = known;
  const other = officers.of(officer.state).find(officer.kid);
  if (other !== undefined) {
    throw new Fault('officer.key-certified-twice', 'another certificate is for the same key', {
      fields: { officer: officer.id, other: other.officer.id },
    });
  }
  await store.commit(
    new WriteSet()
      .put(TABLES.officers, rowKeyOf(known), { bytes: officer.bytes, endedAtSeconds })
      .audit({ atSeconds: now(), event, fields: auditFieldsOf(known) }),
  );
  officers.add(known);
  return known;
}

/** The name of a person is not written into a chain that nobody can take it out of: the id says who it is. */
function auditFieldsOf({ officer }: KnownOfficer): NonNullable<NewAuditEntry['fields']> {
  return { state: officer.state, officer: officer.id, roles: [...officer.roles], kid: toHex(officer.kid) };
}
