import { signAct } from '@comity/approval';
import { sha256 } from '@comity/digest';
import { type Signer, signerFromSeed } from '@comity/ed25519';
import { decodeStateCard } from '@comity/identity';
import type { StateId } from '@comity/label';
import type { z } from 'zod';
import { rootSigners } from '../keys/ceremony.ts';
import { readOfficerKey } from '../keys/officer-key.ts';
import { ENROL } from '../officers/roster.ts';
import { officerConfirm, officerShow } from '../operations/officer.ts';
import { stateShow } from '../operations/state.ts';
import { seedFor } from './keys.ts';
import type { Session } from './session.ts';

/** Who signs who is an officer. */
export interface SigningOptions {
  /** Key files of administrators. */
  readonly by?: readonly string[];
  /** Whether the root keys in the home sign. */
  readonly first: boolean;
  /** Files of root keys. */
  readonly rootKey?: readonly string[];
}

/** A key of an administrator, or without officer a root key. */
export interface SigningKey {
  readonly state: StateId;
  readonly officer?: string;
  readonly signer: Signer;
}

type Shown = z.output<typeof officerShow.result>['certificates'][number];

/** The keys that sign. @throws Fault keys.* */
export async function signingKeys(
  current: Session,
  { by = [], first, rootKey = [] }: SigningOptions,
): Promise<readonly SigningKey[]> {
  const keys: SigningKey[] = by.map((file) => readOfficerKey(file));
  if (!first && rootKey.length === 0) return keys;
  const { card } = await current.call(stateShow, {});
  const { charter } = decodeStateCard(new Uint8Array(Buffer.from(card, 'base64')));
  const roots: Signer[] = [];
  for (const file of rootKey) roots.push(signerFromSeed(await seedFor(file, 'root')));
  if (rootKey.length === 0) roots.push(...rootSigners(current.home.keys, charter));
  return [...keys, ...roots.map((signer) => ({ state: charter.state, signer }))];
}

/** Signs an act about an officer now. */
export function signRosterAct(
  { state, officer, signer }: SigningKey,
  about: { readonly act: string; readonly subject: Uint8Array },
): Promise<Uint8Array> {
  const atSeconds = Math.floor(Date.now() / 1_000);
  return signAct({ state, ...(officer !== undefined && { officer }), ...about, atSeconds }, signer);
}

/** Certificates that can be ended. */
export const ENDING: readonly Shown['status'][] = ['in-force', 'not-yet-valid'];

/** What the keys sign about the newest certificate of an officer of this state that has one of these states, base64. */
export async function actsAbout(
  current: Session,
  id: string,
  act: string,
  keys: readonly SigningKey[],
  statuses: readonly Shown['status'][],
): Promise<string[]> {
  if (keys.length === 0) return [];
  const { certificates } = await current.call(officerShow, { id });
  const about = certificates.find(({ status }) => statuses.includes(status)) ?? certificates[0];
  const certificate = new Uint8Array(Buffer.from(about?.certificate ?? '', 'base64'));
  const acts: string[] = [];
  for (const key of keys) {
    const signed = await signRosterAct(key, { act, subject: sha256(certificate) });
    acts.push(Buffer.from(signed).toString('base64'));
  }
  return acts;
}

/** Has the keys sign that somebody is an officer, and hands it in, with what others have signed elsewhere. */
export async function confirmWith(
  current: Session,
  id: string,
  keys: readonly SigningKey[],
  others: readonly string[] = [],
): Promise<z.output<typeof officerConfirm.result>> {
  const acts = await actsAbout(current, id, ENROL, keys, ['unproven']);
  return current.call(officerConfirm, { id, acts: [...acts, ...others] });
}

/** What is still to be done about an officer who is not proven. */
export function hintOf({ id, status }: Pick<Shown, 'id' | 'status'>): readonly string[] {
  if (status !== 'unproven') return [];
  return [
    `Not proven yet: nothing that ${id} approves counts before administrators or root keys have signed it (comity officer confirm ${id}).`,
  ];
}
