import { KeyDirectory } from '@comity/identity';
import type { ClassificationScheme } from '@comity/label';
import { issueRecord, parseDraft } from '@comity/record';
import { beforeAll, expect, test } from 'vitest';
import { authoriseBytes, authoriseKept } from './ladder.ts';
import { found, named, START } from './state.test-support.ts';

const directory = new KeyDirectory();
let bytes: Uint8Array;

beforeAll(async () => {
  const arcadia = await found('XAR', directory);
  const scheme = directory.charterOf(arcadia.state)?.scheme as ClassificationScheme;
  const classification = scheme.levels[0]?.id;
  const draft = parseDraft(
    {
      type: 'norm',
      subject: 'peace',
      label: { classification },
      content: { title: { en: 'T' }, kind: 'voluntary', provisions: [{ id: 'a', text: { en: 'P' } }] },
    },
    { scheme, atSeconds: START, stateOf: () => undefined, normKindOf: () => undefined },
  );
  let count = 0;
  const { view } = await issueRecord(draft, {
    issuer: arcadia.state,
    scheme,
    atSeconds: START,
    entropy: (byteLength) => named(`salt ${count++}`).slice(0, byteLength),
    signer: arcadia.signers.record,
  });
  bytes = view.bytes;
});

test('of what was kept, the equation of the signature is not computed again', () => {
  expect(authoriseKept(bytes, directory, START).header).toEqual(
    authoriseBytes(bytes, directory, START).header,
  );
  const other = bytes.slice();
  // The last byte of the signature.
  other[other.length - 1] = (other.at(-1) as number) ^ 0x01;
  expect(() => authoriseBytes(other, directory, START)).toThrow(
    expect.objectContaining({ code: expect.stringMatching(/^ed25519\./) }),
  );
  expect(authoriseKept(other, directory, START).header.issuer).toBe(
    authoriseBytes(bytes, directory).header.issuer,
  );
});

test('everything else is', () => {
  const refusal = (code: string) => expect.objectContaining({ code });
  expect(() => authoriseKept(bytes.subarray(1), directory, START)).toThrow();
  expect(() => authoriseKept(bytes, new KeyDirectory(), START)).toThrow(refusal('identity.unknown-key'));
  expect(() => authoriseKept(bytes, directory, START - 86_400)).toThrow(refusal('record.issued-in-future'));
});
