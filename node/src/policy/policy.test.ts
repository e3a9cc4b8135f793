import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CborValue } from '@comity/cbor';
import { encodeSign1, HEADER_TYP, MEDIA_TYPES, signSign1 } from '@comity/cose';
import { policyDigest } from '@comity/disclosure';
import { type LocalSigner, signerFromSeed } from '@comity/ed25519';
import { KeyDirectory } from '@comity/identity';
import type { StateId } from '@comity/label';
import { Store, TABLES, WriteSet } from '@comity/store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Sovereign } from '../sovereign.ts';
import { loadPolicy } from './policy.ts';

const STATE = 'c'.repeat(64) as StateId;
const TEXT = 'comity: policy/1\nrules: []\n';
const DIGEST = policyDigest({ comity: 'policy/1', rules: [] });
const key = signerFromSeed(new Uint8Array(32).fill(1));

let directory: string;
let store: Store;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'comity-policy-'));
  store = await Store.create(join(directory, 'store'), { state: STATE });
});

afterEach(async () => {
  await store.close();
  await rm(directory, { recursive: true });
});

async function signed(text: string, signer: LocalSigner = key): Promise<Uint8Array> {
  const protectedHeader = new Map<number, CborValue>([[HEADER_TYP, MEDIA_TYPES.policy]]);
  return encodeSign1(await signSign1({ protectedHeader, payload: new TextEncoder().encode(text) }, signer));
}

/** Loads the policy of a store that holds this text with this digest, and this as what was signed. */
async function load({
  text = TEXT,
  digest = DIGEST,
  document,
}: {
  text?: string;
  digest?: string;
  document?: Uint8Array;
}): Promise<string | undefined> {
  const set = new WriteSet().put(TABLES.policies, [1], {
    digest,
    text,
    appliedAtSeconds: 0,
    appliedBy: 'duty',
  });
  if (document !== undefined) set.put(TABLES.settings, ['policy-signed/1'], document);
  await store.commit(set);
  const self = { state: STATE };
  const sovereign = { store, self, directory: new KeyDirectory(), signers: { record: key } };
  return (await loadPolicy(sovereign as unknown as Sovereign))?.digest;
}

test('the policy that was signed is in force', async () => {
  expect(await load({ document: await signed(TEXT) })).toBe(DIGEST);
});

test('a policy that is unsigned or not what was signed decides nothing', async () => {
  const otherText = `${TEXT}# and a comment\n`;
  await expect(load({})).rejects.toMatchObject({ code: 'policy.not-as-signed' });
  await expect(load({ document: await signed(otherText) })).rejects.toMatchObject({
    code: 'policy.not-as-signed',
  });
  await expect(load({ text: otherText, document: await signed(TEXT) })).rejects.toMatchObject({
    code: 'policy.not-as-signed',
  });
  await expect(load({ digest: 'd'.repeat(64), document: await signed(TEXT) })).rejects.toMatchObject({
    code: 'policy.not-as-signed',
  });
});

test('a policy that another key has signed decides nothing', async () => {
  const document = await signed(TEXT, signerFromSeed(new Uint8Array(32).fill(2)));
  await expect(load({ document })).rejects.toMatchObject({ code: 'identity.unknown-key' });
});
