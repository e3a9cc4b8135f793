import {
  ACT_TOLERANCE_SECONDS,
  type KnownOfficer,
  readAct,
  takeAct,
  type VerifiedOfficer,
  verifyRootAct,
  whyNotInForce,
} from '@comity/approval';
import { toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import { type NewAuditEntry, TABLES, WriteSet } from '@comity/store';
import type { Sovereign } from '../sovereign.ts';
import { rosterActs } from './officers.ts';
import { aboutOf, administratorsAt, END, ENROL, expectedOf, provenOfficers, Quorum } from './roster.ts';

/** What came of what was signed about somebody who is to be an officer. */
export interface Confirmed {
  readonly known: KnownOfficer;
  /** Who has signed by now, for people. */
  readonly signers: readonly string[];
}

/**
 * Takes in what root keys or administrators have signed: that somebody who is enrolled is an officer of this state. From the
 * act on that is enough he is one, and what he has approved before counts.
 *
 * @throws Fault officer.unknown, officer.needs-administrator, act.*, approval.*, identity.unknown-key, officer.*
 */
export function confirmOfficer(
  sovereign: Sovereign,
  id: string,
  acts: readonly Uint8Array[],
): Promise<Confirmed> {
  const { store, officers, self } = sovereign;
  return sovereign.releases.take(async () => {
    const atSeconds = sovereign.now();
    sovereign.clock.assertTrusted();
    const called = officers.own.list().filter(({ officer }) => officer.id === id);
    const known =
      called.findLast((each) => whyNotInForce(each, atSeconds) === 'officer.unproven') ?? called.at(-1);
    if (known === undefined)
      throw new Fault('officer.unknown', `no officer ${id}`, { fields: { officer: id } });
    const { officer, endedAtSeconds } = known;
    const about = aboutOf(officer);
    const kept = await rosterActs(store);
    const all = [...kept, ...acts.map((bytes) => ({ about, bytes }))];
    const quorum = new Quorum();
    const expected = expectedOf(officer, ENROL);
    for (const act of all)
      if (act.about === about) quorum.take(act.bytes, expected, officers.own, self.charter);
    if (known.isProven !== false) return { known, signers: quorum.signers };
    for (const bytes of acts) requireSigner(sovereign, officer, ENROL, bytes, atSeconds);
    const isProven = provenOfficers(officers.own.list(), all, self.charter).has(about);
    const set = new WriteSet();
    await appendActs(sovereign, set, officer, acts);
    const signers = quorum.signers;
    set.audit({
      atSeconds,
      event: 'officer-confirmed',
      fields: { ...namesOf(known), by: [...signers], isProven },
    });
    if (isProven) {
      // What he has said before counts now: what waited may go.
      const said = await store.list(TABLES.approvals, []);
      for (const record of new Set(said.map(({ key }) => key[0])))
        set.put(TABLES.due, [atSeconds, record], atSeconds);
    }
    await store.commit(set);
    officers.add({ officer, endedAtSeconds, isProven });
    return { known: { officer, endedAtSeconds, isProven }, signers };
  });
}

/**
 * What of the acts ends an officer of this state. Somebody who was never proven counts for nothing and is ended by anybody who may
 * use the node, and so is, where there is no administrator, whoever is none himself: that nobody can sign must not keep a stolen
 * key in force.
 *
 * @throws Fault officer.needs-administrator, act.*, approval.*, identity.unknown-key
 */
export function requireEnders(
  sovereign: Sovereign,
  known: KnownOfficer,
  acts: readonly Uint8Array[],
  atSeconds: number,
): readonly Uint8Array[] {
  const { officers, self } = sovereign;
  const { officer, isProven } = known;
  if (isProven === false) return [];
  const expected = expectedOf(officer, END);
  const isAdministrator = officer.roles.includes('administrator');
  if (administratorsAt(officers.own, atSeconds).length === 0 && !isAdministrator) return [];
  // Otherwise one of two could end the other, and enrol alone from then on.
  const quorum = new Quorum(isAdministrator ? undefined : 1);
  let isEnough = false;
  for (const bytes of acts) {
    const isHimself = readAct(bytes).officer === officer.id;
    if (isHimself) takeAct(bytes, officers.own, expected, atSeconds);
    else requireSigner(sovereign, officer, END, bytes, atSeconds);
    isEnough = isHimself || quorum.take(bytes, expected, officers.own, self.charter) || isEnough;
  }
  if (isEnough) return acts;
  throw needed(officer.id, 'too few administrators have signed that he is ended');
}

/** Adds acts to the roster. */
export async function appendActs(
  { store }: Pick<Sovereign, 'store'>,
  set: WriteSet,
  officer: VerifiedOfficer,
  acts: readonly Uint8Array[],
): Promise<void> {
  if (acts.length === 0) return;
  const last = (await store.list(TABLES.roster, [])).at(-1)?.key[0] ?? -1;
  for (const [place, bytes] of acts.entries())
    set.put(TABLES.roster, [last + 1 + place], [aboutOf(officer), bytes]);
}

/** Refuses what neither a root key nor an administrator has signed. An act of root keys may come from a ceremony of days before. */
function requireSigner(
  { officers, self }: Sovereign,
  about: VerifiedOfficer,
  act: typeof ENROL | typeof END,
  bytes: Uint8Array,
  atSeconds: number,
): void {
  const expected = expectedOf(about, act);
  if (readAct(bytes).officer === undefined) {
    const signed = verifyRootAct(bytes, self.charter, expected);
    if (signed.atSeconds <= atSeconds + ACT_TOLERANCE_SECONDS) return;
    throw new Fault('act.not-now', 'the act was signed later than now', {
      fields: { signedAtSeconds: signed.atSeconds, atSeconds },
    });
  }
  const { officer } = takeAct(bytes, officers.own, expected, atSeconds);
  if (administratorsAt(officers.own, atSeconds).includes(officer)) return;
  throw needed(about.id, `${officer} is no administrator`);
}

function needed(officer: string, why: string): Fault {
  return new Fault('officer.needs-administrator', why, { fields: { officer } });
}

function namesOf({ officer }: KnownOfficer): NonNullable<NewAuditEntry['fields']> {
  return { officer: officer.id, kid: toHex(officer.kid) };
}
