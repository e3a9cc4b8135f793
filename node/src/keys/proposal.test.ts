import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyThumbprint } from '@comity/cose';
import { fromHex, toHex } from '@comity/digest';
import { type LocalSigner, signerFromSeed } from '@comity/ed25519';
import {
  combineSignatures,
  decodeStateCard,
  KeyDirectory,
  type VerifiedStateCard,
  verifyRecognition,
} from '@comity/identity';
import {
  assertStateCode,
  type PlainScheme,
  type StateCode,
  type StateId,
  schemeFrom,
  textMapFrom,
} from '@comity/label';
import neutral from '@comity/protocol/registries/schemes/neutral.json' with { type: 'json' };
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatTime } from '../operations/shapes.ts';
import { fingerprintForms } from '../peers/fingerprint-forms.ts';
import { recognitionOf } from '../peers/recognition-terms.ts';
import { foundState } from './ceremony.ts';
import { delegate } from './delegate.ts';
import { describeProposal } from './describe-proposal.ts';
import { type KeyRequest, readRequest, requestText, waitingKey } from './key-request.ts';
import { checkedProposal, type KeyProposal, type Proposal, proposalText, readProposal } from './proposal.ts';
import {
  proposeCertificates,
  proposeLogEnd,
  proposeRecognition,
  proposeRenewal,
  proposeRevocation,
  proposeRotation,
} from './propose.ts';
import { readSeed } from './seed-file.ts';
import {
  combineProposal,
  countSignatures,
  type HolderSignatures,
  proposalDigest,
  readSignatures,
  signaturesText,
  signProposal,
} from './sign-proposal.ts';

const AT = 1_800_000_000;
const DAY = 86_400;
const TERM = { atSeconds: AT + DAY, validDays: 14 };

let directory: string;
let card: Uint8Array;
let base: VerifiedStateCard;
let roots: LocalSigner[];
let nextRoots: LocalSigner[];

// A state whose three root keys are held by three people, two of whom have to sign.
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'comity-ceremony-'));
  const code: string = 'XAA';
  assertStateCode(code);
  const founded = await foundState({
    keys: directory,
    code,
    names: textMapFrom({ en: 'State A' }),
    scheme: schemeFrom(neutral.scheme as unknown as PlainScheme),
    rootKeys: 3,
    threshold: 2,
    addresses: ['/ip4/127.0.0.1/tcp/7400'],
    atSeconds: AT,
    entropy: (byteLength) => new Uint8Array(randomBytes(byteLength)),
  });
  ({ card } = founded);
  base = decodeStateCard(card);
  const signersOf = async (prefix: string): Promise<LocalSigner[]> =>
    (await readdir(directory))
      .filter((name) => name.startsWith(prefix))
      .toSorted()
      .map((name) => signerFromSeed(readSeed(join(directory, name), 'root')));
  roots = await signersOf('root-');
  nextRoots = await signersOf('next-root-');
});
afterAll(() => rm(directory, { recursive: true }));

const codeOf = (call: () => unknown): string | undefined => {
  try {
    call();
    return undefined;
  } catch (error) {
    return (
      (error as { code: string; faults?: { code: string }[] }).faults?.[0]?.code ??
      (error as { code: string }).code
    );
  }
};
const keyOf = (usage: string): Uint8Array =>
  base.certificates.find((each) => each.usage === usage)?.kid ?? new Uint8Array();
const revocation = (usage = 'record'): Proposal =>
  proposeRevocation(card, [{ key: toHex(keyOf(usage)), fromSeconds: AT, reason: 'compromised' }], TERM);
const signedBy = (proposal: Proposal, ...signers: readonly LocalSigner[]) =>
  Promise.all(signers.map((signer) => signProposal(proposal, signer)));

test('files go from holder to holder, and the card that they make revokes the key', async () => {
  const proposal = readProposal(proposalText(revocation()));
  expect(describeProposal(proposal).join('\n')).toMatch(/REVOKES record key [0-9a-f]{16} from 2027-/);
  const given = (await signedBy(proposal, roots[0] as LocalSigner, roots[2] as LocalSigner)).map((each) =>
    readSignatures(signaturesText(each)),
  );
  const made = decodeStateCard(combineProposal(proposal, given));
  const known = new KeyDirectory();
  known.add(made.charter, made.certificates, { keyState: made.keyState });
  expect(codeOf(() => known.resolve(keyOf('record'), 'record', AT))).toBe('identity.key-revoked');
  expect(known.standingOf(keyOf('log'))).toEqual({ standing: 'live' });

  // The next ceremony goes on from this card.
  const again = proposeRenewal(combineProposal(proposal, given), { ...TERM, atSeconds: AT + 2 * DAY });
  expect(again.keyState).toMatchObject({ version: 2, revoked: made.keyState?.revoked });
});

test('what holders sign about another state is its recognition, and no card', async () => {
  const other = await foundState({
    keys: join(directory, 'other'),
    code: 'XBB' as StateCode,
    names: textMapFrom({ en: 'State B' }),
    scheme: base.charter.scheme,
    rootKeys: 1,
    threshold: 1,
    addresses: ['/ip4/127.0.0.1/tcp/7401'],
    atSeconds: AT,
    entropy: (byteLength) => new Uint8Array(randomBytes(byteLength)),
  });
  const parties = { ours: base.charter, theirs: other.charter };
  const terms = { ceiling: 'restricted', validDays: 30 };
  const proposed = proposeRecognition(card, other.card, recognitionOf(parties, terms, undefined, AT));
  const proposal = readProposal(proposalText(proposed));
  const told = describeProposal(proposal).join('\n');
  // Whoever signs can compare it himself.
  expect(told).toContain(fingerprintForms(other.charter).digits);
  expect(told).toContain('up to restricted');
  const [first, second] = await signedBy(proposal, roots[0] as LocalSigner, roots[2] as LocalSigner);
  expect(codeOf(() => combineProposal(proposal, [first as HolderSignatures]))).toBe('ceremony.unsigned');
  const bytes = combineProposal(proposal, [first, second] as HolderSignatures[]);
  expect(verifyRecognition(bytes, base.charter, other.charter)).toMatchObject({
    subject: other.charter.state,
    ceiling: 'restricted',
  });

  const file = JSON.parse(proposalText(proposed)) as Record<string, unknown>;
  const text = (change: object): string => JSON.stringify({ ...file, ...change });
  const { subject, ...without } = file;
  const key = JSON.parse(proposalText(revocation())) as object;
  expect(codeOf(() => readProposal(JSON.stringify(without)))).toBe('ceremony.malformed');
  expect(codeOf(() => readProposal(JSON.stringify({ ...key, subject })))).toBe('ceremony.malformed');
  expect(codeOf(() => readProposal(text({ documents: [] })))).toBe('ceremony.malformed');
  expect(codeOf(() => readProposal(text({ action: 'renew', subject: undefined })))).toBe(
    'ceremony.malformed',
  );
  expect(codeOf(() => readProposal(text({ subject: file.card })))).toBe('identity.wrong-subject');
});

test('one holder is not two, whoever copies his file', async () => {
  const proposal = revocation();
  const [first] = await signedBy(proposal, roots[1] as LocalSigner);
  const given = [first, first] as NonNullable<typeof first>[];
  expect(countSignatures(proposal, given)[0]?.quorums).toEqual([{ signed: 1, threshold: 2 }]);
  expect(codeOf(() => combineProposal(proposal, given))).toBe('ceremony.unsigned');
});

test('signatures for another proposal in the same directory are none', async () => {
  const given = await signedBy(revocation('log'), ...roots);
  expect(codeOf(() => combineProposal(revocation(), given))).toBe('ceremony.unsigned');
  // Also not under the name of the other.
  const renamed = given.map((each) => ({ ...each, proposal: proposalDigest(revocation()) }));
  expect(codeOf(() => combineProposal(revocation(), renamed))).toBe('ceremony.other-document');
});

test('who mixes signatures over two documents is told', async () => {
  const [one] = await signedBy(revocation('log'), roots[0] as LocalSigner);
  const [other] = await signedBy(revocation(), roots[1] as LocalSigner);
  const documents = [one, other].flatMap((each) => each?.documents.map(({ bytes }) => bytes) ?? []);
  expect(codeOf(() => combineSignatures(documents))).toBe('ceremony.other-document');
});

test('a key that is no root key signs nothing', async () => {
  const stranger = signerFromSeed(new Uint8Array(randomBytes(32)));
  await expect(signProposal(revocation(), stranger)).rejects.toMatchObject({
    code: 'ceremony.not-a-root-key',
  });
  await expect(signProposal(revocation(), nextRoots[0] as LocalSigner)).rejects.toMatchObject({
    code: 'ceremony.not-a-root-key',
  });
});

test.each([
  ['no JSON', () => 'proposal'],
  ['of another version', (text: string) => text.replace('ceremony/1', 'ceremony/2')],
  ['with more in it', (text: string) => text.replace('"action"', '"note": "", "action"')],
  ['with a document twice', (text: string) => text.replace(/(\{\s+"kind": "keyState"[^}]*\})/, '$1, $1')],
  ['without a document', (text: string) => text.replace(/\{\s+"kind": "keyState"[^}]*\}/, '')],
])('a proposal that is %s is not read', (_, change) => {
  expect(codeOf(() => readProposal(change(proposalText(revocation()))))).toBe('ceremony.malformed');
});

test('nobody is asked to sign what takes back, or belongs elsewhere', async () => {
  const proposal = revocation();
  const made = combineProposal(proposal, await signedBy(proposal, ...roots));
  // The first key state once more, upon the card that has it: it does not go on from there.
  expect(codeOf(() => checkedProposal('revoke', made, proposal.drafts))).toBe(
    'identity.key-states-contradict',
  );
  const first = (key: string) => () =>
    proposeRevocation(made, [{ key, fromSeconds: AT, reason: 'lost' }], TERM);
  expect(codeOf(first(toHex(keyOf('record'))))).toBe('ceremony.no-such-key');
  expect(codeOf(first('0000'))).toBe('ceremony.no-such-key');
  expect(codeOf(first(toHex(keyOf('log')).slice(0, 7)))).toBe('ceremony.no-such-key');
  expect(codeOf(first(toHex(keyOf('log')).slice(0, 8)))).toBeUndefined();
  const late = { key: toHex(keyOf('log')), fromSeconds: TERM.atSeconds + 1, reason: 'lost' as const };
  expect(codeOf(() => proposeRevocation(made, [late], TERM))).toBe('identity.revoked-ahead');
  expect(codeOf(() => proposeRenewal(made, { ...TERM, validDays: 31 }))).toBe('identity.key-state-term');
});

test('a log ends by a ceremony, and stays ended whatever comes after', async () => {
  const end = { size: 64, root: new Uint8Array(32).fill(7) };
  const proposal = readProposal(proposalText(proposeLogEnd(card, end, 'compromised', TERM)));
  const said = describeProposal(proposal).find((line) => line.includes('ENDS'));
  expect(said).toContain(`ENDS log 1 of this state at ${formatTime(TERM.atSeconds)} (compromised)`);
  expect(said).toContain(`size 64 with root ${'07'.repeat(32)}`);
  const made = combineProposal(proposal, await signedBy(proposal, ...roots));
  const first = { end, endedAtSeconds: TERM.atSeconds, reason: 'compromised' };
  expect(decodeStateCard(made).keyState?.endedLogs).toEqual([first]);

  const endedBy = (next: KeyProposal): readonly unknown[] | undefined => next.keyState.endedLogs;
  expect(endedBy(proposeRenewal(made, TERM))).toEqual([first]);
  const again = proposeLogEnd(made, null, 'lost', TERM);
  expect(endedBy(again)).toEqual([first, { end: null, endedAtSeconds: TERM.atSeconds, reason: 'lost' }]);
  expect(describeProposal(again).filter((line) => line.includes('ENDS'))).toEqual([
    expect.stringContaining('ENDS log 2 of this state'),
  ]);
  const rotation = {
    rootKeys: nextRoots.map(({ publicKey }) => publicKey),
    nextKeyDigests: [keyThumbprint(signerFromSeed(new Uint8Array(32).fill(9)).publicKey)],
    nextThreshold: 1,
  };
  expect(endedBy(proposeRotation(made, rotation, TERM))).toEqual([first]);
  // Nobody is asked to sign a key state by which the log goes on.
  expect(codeOf(() => checkedProposal('renew', made, proposeRenewal(card, TERM).drafts))).toBe(
    'identity.key-states-contradict',
  );
});

test('a rotation takes holders of both charters, and goes on with the keys there are', async () => {
  const rotation = {
    rootKeys: nextRoots.map(({ publicKey }) => publicKey),
    nextKeyDigests: [keyThumbprint(signerFromSeed(new Uint8Array(32).fill(9)).publicKey)],
    nextThreshold: 1,
  };
  const proposal = readProposal(proposalText(proposeRotation(card, rotation, TERM)));
  expect(proposal.drafts.map(({ kind }) => kind)).toEqual(['charter', 'keyState']);
  const old = await signedBy(proposal, ...roots.slice(0, 2));
  expect(old.map(({ documents }) => documents.length)).toEqual([1, 1]);
  const fresh = await signedBy(proposal, ...nextRoots.slice(1));
  expect(fresh.map(({ documents }) => documents.length)).toEqual([2, 2]);
  for (const few of [old, fresh, [...old.slice(1), ...fresh], [...old, ...fresh.slice(1)]])
    expect(codeOf(() => combineProposal(proposal, few))).toBe('ceremony.unsigned');
  const made = decodeStateCard(combineProposal(proposal, [...old, ...fresh]));
  expect(made.charter).toMatchObject({ version: 2, state: base.charter.state });
  expect(made.keyState?.live).toHaveLength(4);
  // A key to which nobody has committed is not proposed.
  const uncommitted = signerFromSeed(new Uint8Array(32).fill(8)).publicKey;
  const stranger = { ...rotation, rootKeys: [...rotation.rootKeys.slice(1), uncommitted] };
  expect(codeOf(() => proposeRotation(card, stranger, TERM))).toBe('identity.uncommitted-key');
});

test('a key is certified for whoever proves to hold it', async () => {
  const signer = waitingKey(directory, 'record');
  expect(waitingKey(directory, 'record').publicKey).toEqual(signer.publicKey);
  const request: KeyRequest = {
    state: base.charter.state as StateId,
    usage: 'record',
    publicKey: signer.publicKey,
    addresses: [],
  };
  const text = await requestText(request, signer);
  expect(readRequest(text)).toEqual(request);
  expect(codeOf(() => readRequest(text.replace('"record"', '"log"')))).toBe('ceremony.not-proved');
  expect(codeOf(() => readRequest(text.replace('key-request/1', 'x')))).toBe('ceremony.malformed');

  const certificate = {
    issuer: request.state,
    subject: 'node',
    usage: request.usage,
    publicKey: request.publicKey,
    notBeforeSeconds: AT,
    notAfterSeconds: AT + 300 * DAY,
    issuedAtSeconds: AT,
    certificateId: fromHex('aa'.repeat(16)),
    scope: {},
  };
  const proposal = proposeCertificates(card, [certificate], TERM, AT + 2 * DAY);
  expect(proposal.keyState.superseded).toEqual([{ kid: keyOf('record'), fromSeconds: AT + 2 * DAY }]);
  expect(proposal.keyState.live).toHaveLength(4);
  // A certificate that the key state does not name would count for nothing.
  const { keyState } = proposeRenewal(card, TERM);
  const [certified] = proposal.drafts;
  const [renewed] = proposeRenewal(card, TERM).drafts;
  expect(keyState.live).toHaveLength(4);
  expect(codeOf(() => checkedProposal('certify', card, [certified, renewed] as Proposal['drafts']))).toBe(
    'identity.key-not-listed',
  );
});

test('a ministry that root keys certify for incidents certifies a record key, and ends with it', async () => {
  const ministry = signerFromSeed(randomBytes(32));
  const office = signerFromSeed(randomBytes(32));
  const asked = readRequest(
    await requestText({ state: base.charter.state, usage: 'delegate', addresses: [] }, ministry),
  );
  const { state: issuer, usage, publicKey } = asked;
  const certificate = {
    ...{ issuer, usage, publicKey, subject: 'Ministry of Health', depth: 1 },
    scope: { recordTypes: ['incident'], maxClassification: 'restricted' },
    ...{ notBeforeSeconds: AT, notAfterSeconds: AT + 300 * DAY, issuedAtSeconds: AT },
    certificateId: new Uint8Array(randomBytes(16)),
  };
  const proposal = readProposal(proposalText(proposeCertificates(card, [certificate], TERM)));
  expect(describeProposal(proposal).join('\n')).toContain(
    'for incident, up to restricted, may certify record keys',
  );
  const given = await signedBy(proposal, roots[0] as LocalSigner, roots[1] as LocalSigner);
  const withMinistry = combineProposal(proposal, given);

  const request = readRequest(await requestText({ state: issuer, usage: 'record', addresses: [] }, office));
  const terms = {
    ...{ scope: {}, depth: 1, atSeconds: AT + 2 * DAY, toleranceSeconds: 300 },
    certificateId: new Uint8Array(randomBytes(16)),
  };
  const made = await delegate(withMinistry, request, terms, ministry);
  expect(made.certificate).toMatchObject({
    subject: 'Ministry of Health',
    scope: { recordTypes: ['incident'], maxClassification: 'restricted' },
    notAfterSeconds: AT + 2 * DAY - 300 + 90 * DAY,
  });
  const known = new KeyDirectory();
  const shown = decodeStateCard(made.card);
  known.add(shown.charter, shown.certificates, { keyState: shown.keyState });
  const { kid } = made.certificate;
  expect(known.resolve(kid, 'record', AT + 3 * DAY).delegator?.subject).toBe('Ministry of Health');

  // No more than the ministry has, by nobody else, and for no other state.
  const wider = delegate(
    withMinistry,
    request,
    { ...terms, scope: { maxClassification: 'secret' } },
    ministry,
  );
  await expect(wider).rejects.toMatchObject({ faults: [{ code: 'identity.delegation-wider' }] });
  const longer = delegate(withMinistry, request, { ...terms, validSeconds: 91 * DAY }, ministry);
  await expect(longer).rejects.toMatchObject({ faults: [{ code: 'identity.validity-too-long' }] });
  await expect(delegate(withMinistry, request, terms, office)).rejects.toMatchObject({
    code: 'ceremony.no-such-key',
  });
  await expect(
    delegate(withMinistry, { ...request, state: 'ff'.repeat(32) as StateId }, terms, ministry),
  ).rejects.toMatchObject({ code: 'identity.wrong-issuer' });

  // The ministry is revoked: nothing that it has certified counts, and it certifies nothing any more.
  const key = toHex(keyThumbprint(ministry.publicKey));
  const revocation = proposeRevocation(
    made.card,
    [{ key, fromSeconds: AT + 2 * DAY, reason: 'compromised' }],
    { ...TERM, atSeconds: AT + 4 * DAY },
  );
  const ended = combineProposal(
    revocation,
    await signedBy(revocation, roots[0] as LocalSigner, roots[1] as LocalSigner),
  );
  known.add(shown.charter, [], { keyState: decodeStateCard(ended).keyState });
  expect(codeOf(() => known.resolve(kid, 'record', AT + 3 * DAY))).toBe('identity.delegator-revoked');
  expect(known.resolve(kid, 'record', AT + 3 * DAY, issuer, AT + 2 * DAY - 1).kid).toEqual(kid);
  await expect(delegate(ended, request, terms, ministry)).rejects.toMatchObject({ code: 'keys.not-in-use' });

  // A single key of it can be revoked, although no key state has named it before.
  const single = proposeRevocation(
    made.card,
    [{ key: toHex(kid), fromSeconds: AT + 2 * DAY, reason: 'lost' }],
    { ...TERM, atSeconds: AT + 4 * DAY },
  );
  expect(single.keyState.revoked).toMatchObject([{ kid }]);
  expect(single.keyState.live).toContainEqual(keyThumbprint(ministry.publicKey));
});
