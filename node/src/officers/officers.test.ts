import {
  issueOfficer,
  type KnownOfficer,
  type Officer,
  type OfficerRole,
  signApproval,
  verifyApproval,
} from '@comity/approval';
import { sha256, toHex } from '@comity/digest';
import { type LocalSigner, signerFromSeed } from '@comity/ed25519';
import type { RecordId } from '@comity/record';
import { TABLES, WriteSet } from '@comity/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ScratchNode, type ScratchPeer } from '../scratch-node.test-support.ts';
import { endOfficer, enrolOfficer, importOfficer } from './enrol-officer.ts';
import { enrolProven } from './proven-officer.test-support.ts';

const NOW = Math.floor(Date.now() / 1000);
const DAY = 86_400;

let seconds: number;
let node: ScratchNode;
beforeEach(async () => {
  seconds = NOW;
  node = await ScratchNode.found(['XBB'], () => seconds);
});
afterEach(() => node[Symbol.asyncDispose]());

const hashOf = (name: string): Uint8Array => sha256(new TextEncoder().encode(name));
const keyOf = (name: string): LocalSigner => signerFromSeed(hashOf(name));

function enrol(id: string, key = id, roles: readonly OfficerRole[] = ['officer']): Promise<KnownOfficer> {
  return enrolProven(node.sovereign, {
    id,
    name: `Officer ${id}`,
    roles,
    publicKey: keyOf(key).publicKey,
    sealKey: hashOf(`${key} seals`).fill(0x11, 31),
    validDays: 30,
  });
}

const end = (id: string, state = node.sovereign.self.state): Promise<readonly KnownOfficer[]> =>
  endOfficer(node.sovereign, state, id, [], () => {});

/** The certificate of an officer that the peer has made. */
async function foreignOfficer(id: string, change: Partial<Officer> = {}): Promise<Uint8Array> {
  const { state, signer } = node.peers[0] as ScratchPeer;
  const officer: Officer = {
    state,
    id,
    name: `Officer ${id}`,
    roles: ['officer'],
    publicKey: keyOf(`foreign ${id}`).publicKey,
    notBeforeSeconds: NOW - 60,
    notAfterSeconds: NOW + DAY,
    issuedAtSeconds: NOW,
    certificateId: hashOf(`foreign ${id}`).subarray(0, 16),
    ...change,
  };
  return (await issueOfficer(officer, node.sovereign.directory, signer)).bytes;
}

/** Whether an approval of an officer counts now: undefined, or why not. */
async function refusalOf(officer: string, key = officer, atSeconds = seconds): Promise<string | undefined> {
  const { officers, self } = node.sovereign;
  const bytes = await signApproval(
    {
      state: self.state,
      officer,
      decision: 'approve',
      recordId: toHex(hashOf('record')) as RecordId,
      parts: new Set([toHex(hashOf('part'))]),
      recipient: (node.peers[0] as ScratchPeer).state,
      mode: 'push',
      purpose: 'incident-response',
      rule: 'warn',
      ruleDigest: toHex(hashOf('rule')),
      atSeconds,
      notAfterSeconds: atSeconds + DAY,
    },
    keyOf(key),
  );
  try {
    verifyApproval(bytes, officers.own, seconds);
  } catch (thrown) {
    return (thrown as { code: string }).code;
  }
  return undefined;
}

async function auditLines(): Promise<string[]> {
  const lines: string[] = [];
  for await (const chunk of node.sovereign.store.audit())
    for (const { event, fields } of chunk)
      if (event.startsWith('officer-')) lines.push(`${event} ${fields.get('officer')}`);
  return lines;
}

const statuses = (): string[] =>
  node.sovereign.officers
    .all()
    .map(({ officer, endedAtSeconds }) => `${officer.id} ${endedAtSeconds === null ? 'in force' : 'ended'}`);

test('an officer is one after the node was opened again, and until the certificate ends', async () => {
  const { officer } = await enrol('anna', 'anna', ['release-authority', 'officer']);
  expect(await refusalOf('anna')).toBeUndefined();
  await node.reopen(() => seconds);
  expect(node.sovereign.officers.own.find(officer.kid)?.officer).toEqual(officer);
  expect(officer).toMatchObject({ id: 'anna', roles: ['release-authority', 'officer'] });
  expect(await refusalOf('anna')).toBeUndefined();
  seconds = NOW + 30 * DAY;
  expect(await refusalOf('anna', 'anna', NOW + 30 * DAY - 1)).toBe('officer.expired');
});

test('one id is one person: enrolled once, and again only with new keys after the end', async () => {
  await enrol('anna');
  await expect(enrol('anna', 'anna 2')).rejects.toMatchObject({ code: 'officer.enrolled' });
  seconds += 10;
  const ended = await end('anna');
  expect(ended.map(({ endedAtSeconds }) => endedAtSeconds)).toEqual([seconds]);
  await expect(enrol('anna')).rejects.toMatchObject({ code: 'officer.key-certified-twice' });
  await enrol('anna', 'anna 2');
  expect(statuses()).toEqual(['anna ended', 'anna in force']);
  expect(await refusalOf('anna', 'anna', NOW + 1)).toBe('officer.ended');
  expect(await refusalOf('anna', 'anna 2')).toBeUndefined();
  await node.reopen(() => seconds);
  expect(statuses()).toEqual(['anna ended', 'anna in force']);
  expect(await auditLines()).toEqual([
    'officer-enrolled anna',
    'officer-confirmed anna',
    'officer-ended anna',
    'officer-enrolled anna',
    'officer-confirmed anna',
  ]);
});

test('two at once enrol one officer', async () => {
  const done = await Promise.allSettled([enrol('anna', 'anna 1'), enrol('anna', 'anna 2')]);
  expect(done.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(statuses()).toEqual(['anna in force']);
});

test('who was refused is not stored', async () => {
  await enrol('anna');
  await expect(enrol('bruno', 'anna')).rejects.toMatchObject({ code: 'officer.key-certified-twice' });
  const own = enrolOfficer(node.sovereign, {
    id: 'bruno',
    name: 'Bruno',
    roles: ['officer'],
    publicKey: node.sovereign.signers.record.publicKey,
    sealKey: hashOf('bruno').fill(0x11, 31),
    validDays: 30,
  });
  await expect(own).rejects.toMatchObject({ faults: [{ code: 'officer.key-reused' }] });
  expect(await node.sovereign.store.list(TABLES.officers, [])).toHaveLength(1);
  expect(await auditLines()).toEqual(['officer-enrolled anna', 'officer-confirmed anna']);
});

test('nobody is ended who is not there, and nobody twice', async () => {
  await expect(end('anna')).rejects.toMatchObject({ code: 'officer.unknown' });
  await enrol('anna');
  expect(await end('anna')).toHaveLength(1);
  seconds += 10;
  expect(await end('anna')).toEqual([]);
  expect(statuses()).toEqual(['anna ended']);
  expect(await auditLines()).toEqual([
    'officer-enrolled anna',
    'officer-confirmed anna',
    'officer-ended anna',
  ]);
});

describe('an officer of a peer', () => {
  test('is known after the node was opened again, ends here alone, and decides nothing', async () => {
    const { state } = node.peers[0] as ScratchPeer;
    const bytes = await foreignOfficer('boris');
    const imported = await importOfficer(node.sovereign, bytes);
    expect(await importOfficer(node.sovereign, bytes)).toEqual(imported);
    await node.reopen(() => seconds);
    expect(node.sovereign.officers.of(state).inForce('boris', seconds)?.officer.bytes).toEqual(bytes);
    expect(await refusalOf('boris', 'foreign boris')).toBe('approval.unknown-officer');
    await end('boris', state);
    expect(statuses()).toEqual(['boris ended']);
    expect(await auditLines()).toEqual(['officer-imported boris', 'officer-ended boris']);
  });

  test('shares its id with one of this state and is another', async () => {
    await enrol('anna');
    await importOfficer(node.sovereign, await foreignOfficer('anna'));
    await end('anna', (node.peers[0] as ScratchPeer).state);
    expect(statuses()).toEqual(['anna in force', 'anna ended']);
    expect(await refusalOf('anna')).toBeUndefined();
  });

  test('is refused where the certificate is changed, is of this state, or for a key that is certified', async () => {
    const bytes = await foreignOfficer('boris');
    const changed = bytes.slice();
    changed[changed.length - 1] = (changed.at(-1) as number) ^ 1;
    await expect(importOfficer(node.sovereign, changed)).rejects.toMatchObject({
      code: 'ed25519.bad-signature',
    });
    const { officer } = await enrol('anna');
    await expect(importOfficer(node.sovereign, officer.bytes)).rejects.toMatchObject({ code: 'officer.own' });
    await importOfficer(node.sovereign, bytes);
    const twin = await foreignOfficer('boris', { certificateId: hashOf('twin').subarray(0, 16) });
    await expect(importOfficer(node.sovereign, twin)).rejects.toMatchObject({
      code: 'officer.key-certified-twice',
    });
    expect(statuses()).toEqual(['anna in force', 'boris in force']);
  });
});

test('a certificate that no longer verifies is set aside, and the others count', async () => {
  const { officer } = await enrol('anna');
  await enrol('bruno');
  const { store, self } = node.sovereign;
  const changed = officer.bytes.slice();
  changed[changed.length - 1] = (changed.at(-1) as number) ^ 1;
  const key: [typeof self.state, string, string] = [self.state, 'anna', toHex(officer.kid)];
  await store.commit(new WriteSet().put(TABLES.officers, key, { bytes: changed, endedAtSeconds: null }));
  await node.reopen(() => seconds);
  expect(node.sovereign.officers.unreadable()).toEqual([
    { state: self.state, id: 'anna', code: 'ed25519.bad-signature' },
  ]);
  expect(statuses()).toEqual(['bruno in force']);
  expect(await refusalOf('anna')).toBe('approval.unknown-officer');
  expect(await refusalOf('bruno')).toBeUndefined();
});
