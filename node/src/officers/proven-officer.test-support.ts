import { type KnownOfficer, signAct } from '@comity/approval';
import { rootSigners } from '../keys/ceremony.ts';
import type { Sovereign } from '../sovereign.ts';
import { confirmOfficer } from './confirm-officer.ts';
import { type Enrolment, enrolOfficer } from './enrol-officer.ts';
import { ENROL, expectedOf } from './roster.ts';

/** What the root keys in the home of a state sign about an officer. */
export async function rootActs(
  { home, self, now }: Sovereign,
  { officer }: KnownOfficer,
  act = ENROL,
): Promise<Uint8Array[]> {
  const said = { state: self.state, ...expectedOf(officer, act), atSeconds: now() };
  return Promise.all(rootSigners(home.keys, self.charter).map((signer) => signAct(said, signer)));
}

/** Enrols an officer, whom the root keys confirm. */
export async function enrolProven(sovereign: Sovereign, enrolment: Enrolment): Promise<KnownOfficer> {
  const known = await enrolOfficer(sovereign, enrolment);
  return (await confirmOfficer(sovereign, enrolment.id, await rootActs(sovereign, known))).known;
}
