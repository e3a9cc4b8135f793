import { issueOfficer, type KnownOfficer, type OfficerRole, signAct } from '@comity/approval';
import { sha256, toHex } from '@comity/digest';
import { type LocalSigner, signerFromSeed } from '@comity/ed25519';
import type { StateId } from '@comity/label';
import { TABLES, WriteSet } from '@comity/store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ScratchNode } from '../scratch-node.test-support.ts';
import { confirmOfficer } from './confirm-officer.ts';
import { endOfficer, enrolOfficer } from './enrol-officer.ts';
import { rowKeyOf } from './officers.ts';
import { rootActs } from './proven-officer.test-support.ts';
import { aboutOf, END, ENROL, expectedOf } from './roster.ts';

// Who says who is an officer: not whoever can write into the home of the node and use its record key.

let seconds: number;
let node: ScratchNode;
beforeEach(async () => {
  seconds = Math.floor(Date.now() / 1000);
  node = await ScratchNode.found([], () => seconds);
});
afterEach(() => node[Symbol.asyncDispose]());

const keyOf = (name: string): LocalSigner => signerFromSeed(sha256(new TextEncoder().encode(name)));
const state = (): StateId => node.sovereign.self.state;

function enrol(id: string, ...roles: OfficerRole[]): Promise<KnownOfficer> {
  const { publicKey } = keyOf(id);
  const sealKey = publicKey.slice().fill(0x11, 31);
  return enrolOfficer(node.sovereign, { id, name: id, roles, publicKey, sealKey, validDays: 30 });
}

function act(by: string, { officer }: KnownOfficer, what = ENROL, atSeconds = seconds): Promise<Uint8Array> {
  const said = { state: state(), officer: by, ...expectedOf(officer, what), atSeconds };
  return signAct(said, keyOf(by));
}

async function confirm(known: KnownOfficer, ...by: string[]): Promise<boolean | undefined> {
  const acts = await Promise.all(by.map((each) => act(each, known)));
  return (await confirmOfficer(node.sovereign, known.officer.id, acts)).known.isProven;
}

/** An administrator whom the root key has named. */
async function administrator(id: string): Promise<KnownOfficer> {
  const known = await enrol(id, 'administrator');
  await confirmOfficer(node.sovereign, id, await rootActs(node.sovereign, known));
  return known;
}

const isOfficer = (id: string): boolean => node.sovereign.officers.own.inForce(id, seconds) !== undefined;

async function end(id: string, ...acts: Promise<Uint8Array>[]): Promise<number> {
  const ended = await endOfficer(node.sovereign, state(), id, await Promise.all(acts), () => {});
  return ended.length;
}

test('whom nobody has confirmed is none, and is listed as such', async () => {
  const anna = await enrol('anna', 'release-authority');
  expect(isOfficer('anna')).toBe(false);
  await expect(enrol('anna', 'officer')).rejects.toMatchObject({ code: 'officer.enrolled' });
  const [listed] = node.sovereign.officers.own.list();
  expect(listed).toMatchObject({ officer: { id: 'anna' }, isProven: false });
  // Nor does it help to write the row, to sign with a record key, or oneself.
  const said = { state: state(), ...expectedOf(anna.officer, ENROL), atSeconds: seconds };
  const byRecordKey = await signAct(said, node.sovereign.signers.record);
  await expect(confirmOfficer(node.sovereign, 'anna', [byRecordKey])).rejects.toMatchObject({
    code: 'identity.unknown-key',
  });
  await expect(confirm(anna, 'anna')).rejects.toMatchObject({ code: 'officer.unproven' });
  const byHerself = await act('anna', anna);
  const row = { bytes: anna.officer.bytes, endedAtSeconds: null };
  const set = new WriteSet().put(TABLES.officers, rowKeyOf(anna), row);
  for (const [place, bytes] of [byRecordKey, byHerself].entries())
    set.put(TABLES.roster, [place], [aboutOf(anna.officer), bytes]);
  await node.sovereign.store.commit(set);
  await node.reopen(() => seconds);
  expect(isOfficer('anna')).toBe(false);
});

test('the root keys of the charter name the first administrator, who alone names the others as long as there is no second', async () => {
  await administrator('eva');
  const anna = await enrol('anna', 'officer');
  expect(await confirm(anna, 'eva')).toBe(true);
  await node.reopen(() => seconds);
  expect(['eva', 'anna'].map(isOfficer)).toEqual([true, true]);
});

test('of two or more administrators two have to sign, each once, and later than they became it', async () => {
  await administrator('eva');
  await administrator('otto');
  const anna = await enrol('anna', 'officer');
  expect(await confirm(anna, 'eva', 'eva')).toBe(false);
  expect(isOfficer('anna')).toBe(false);
  await node.reopen(() => seconds);
  expect(isOfficer('anna')).toBe(false);
  expect(await confirm(anna, 'otto')).toBe(true);
  await node.reopen(() => seconds);
  expect(isOfficer('anna')).toBe(true);
  const bruno = await enrol('bruno', 'officer');
  await expect(confirm(bruno, 'anna')).rejects.toMatchObject({ code: 'officer.needs-administrator' });
  seconds += 10;
  const early = await act('eva', bruno, ENROL, seconds - 301);
  await expect(confirmOfficer(node.sovereign, 'bruno', [early])).rejects.toMatchObject({
    code: 'act.not-now',
  });
  await expect(confirmOfficer(node.sovereign, 'bruno', [await act('eva', anna)])).rejects.toMatchObject({
    code: 'act.wrong-subject',
  });
});

test('one key is one person, under whatever names: a second certificate for it counts for nobody', async () => {
  await administrator('eva');
  const anna = await enrol('anna', 'officer');
  await confirm(anna, 'eva');
  const { publicKey } = keyOf('anna');
  const twin = { id: 'bruno', name: 'Bruno', roles: ['officer'] as const, publicKey, validDays: 30 };
  const sealKey = publicKey.slice().fill(0x11, 31);
  await expect(enrolOfficer(node.sovereign, { ...twin, sealKey })).rejects.toMatchObject({
    code: 'officer.key-certified-twice',
  });
  // Whoever has the record key certifies it past the node, and whoever has the home writes it into the store.
  const { self, directory, signers, store } = node.sovereign;
  const { notBeforeSeconds, notAfterSeconds, issuedAtSeconds } = anna.officer;
  const times = { notBeforeSeconds, notAfterSeconds, issuedAtSeconds, certificateId: new Uint8Array(16) };
  const { id, name, roles } = twin;
  const officer = await issueOfficer(
    { state: self.state, id, name, roles, publicKey, ...times },
    directory,
    signers.record,
  );
  const known = { officer, endedAtSeconds: null };
  const byEva = await act('eva', known);
  const set = new WriteSet()
    .put(TABLES.officers, rowKeyOf(known), { bytes: officer.bytes, endedAtSeconds: null })
    .put(TABLES.roster, [99], [aboutOf(officer), byEva]);
  await store.commit(set);
  await node.reopen(() => seconds);
  const { own } = node.sovereign.officers;
  expect(own.list().filter((each) => toHex(each.officer.kid) === toHex(officer.kid))).toHaveLength(1);
  expect(isOfficer('bruno')).toBe(false);
  expect(node.sovereign.officers.unreadable()).toMatchObject([
    { id: 'bruno', code: 'officer.key-certified-twice' },
  ]);
});

test('what an administrator has confirmed counts on when he is none any more', async () => {
  const eva = await administrator('eva');
  await confirm(await enrol('anna', 'officer'), 'eva');
  seconds += 10;
  await end('eva', act('eva', eva, END));
  await node.reopen(() => seconds);
  expect(['eva', 'anna'].map(isOfficer)).toEqual([false, true]);
});

test('an officer is ended by an administrator or himself, an administrator by two or the root keys', async () => {
  const eva = await administrator('eva');
  const otto = await administrator('otto');
  const anna = await enrol('anna', 'officer');
  const bruno = await enrol('bruno', 'officer');
  await confirm(anna, 'eva', 'otto');
  await confirm(bruno, 'eva', 'otto');
  seconds += 10;
  const needed = { code: 'officer.needs-administrator' };
  await expect(end('anna')).rejects.toMatchObject(needed);
  await expect(end('anna', act('bruno', anna, END))).rejects.toMatchObject(needed);
  expect(await end('anna', act('eva', anna, END))).toBe(1);
  expect(await end('bruno', act('bruno', bruno, END))).toBe(1);
  await expect(end('eva', act('otto', eva, END))).rejects.toMatchObject(needed);
  const [byRoot] = await rootActs(node.sovereign, eva, END);
  expect(await end('eva', Promise.resolve(byRoot as Uint8Array))).toBe(1);
  expect(await end('otto', act('otto', otto, END))).toBe(1);
  // Who is not proven counts for nothing, and anybody takes him off the list.
  await enrol('carla', 'officer');
  expect(await end('carla')).toBe(1);
});
