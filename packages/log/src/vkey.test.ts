import { fromHex, toHex } from '@comity/digest';
import { signerFromSeed } from '@comity/ed25519';
import type { FaultCode } from '@comity/fault';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatVkey,
  ledgerLogName,
  noteVerifier,
  openNote,
  originLogName,
  parseVkey,
  signNote,
  witnessName,
} from './index.ts';

function refuses(action: () => unknown, code: FaultCode): void {
  expect(action).toThrow(expect.objectContaining({ code }));
}

const SPEC_VKEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';

describe('examples of others', () => {
  test('C2SP signed-note: verifier key, key id and note', () => {
    const verifier = parseVkey(SPEC_VKEY);
    expect(verifier.name).toBe('example.com/foo');
    expect(verifier.type).toBe('log');
    expect(toHex(verifier.keyId)).toBe('530d903a');
    expect(formatVkey(verifier)).toBe(SPEC_VKEY);
    const note =
      'This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
    expect(openNote(note, [verifier]).text).toBe('This is an example message.\n');
  });

  test('golang.org/x/mod/sumdb/note: the same key signs the same note', async () => {
    const signer = signerFromSeed(
      fromHex('810a1402d5146c8d84f2443330f54080ebf98ee17d9c74f6252fc5d5c7283173'),
    );
    const vkey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    expect(formatVkey(noteVerifier('PeterNeumann', 'log', signer.publicKey))).toBe(vkey);
    const text =
      "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    const note = await signNote(text, 'PeterNeumann', signer);
    expect(note).toBe(
      `${text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`,
    );
    expect(openNote(note, [parseVkey(vkey)]).signatures).toHaveLength(1);
  });
});

describe('verifier keys', () => {
  const { publicKey } = signerFromSeed(new Uint8Array(32).fill(7));

  test('the type is part of the key id', () => {
    const log = noteVerifier('a.example/log', 'log', publicKey);
    const cosigner = noteVerifier('a.example/log', 'cosignature', publicKey);
    expect(log.keyId).not.toEqual(cosigner.keyId);
    expect(parseVkey(formatVkey(cosigner))).toEqual(cosigner);
  });

  test.each<[string, string, FaultCode]>([
    ['nothing', '', 'log.bad-vkey'],
    ['a name only', 'example.com/foo', 'log.bad-vkey'],
    ['no key', 'example.com/foo+530d903a', 'log.bad-vkey'],
    ['a short key id', SPEC_VKEY.replace('530d903a', '530d903'), 'log.bad-vkey'],
    ['a key id in capitals', SPEC_VKEY.replace('530d903a', '530D903A'), 'log.bad-vkey'],
    ['another key id', SPEC_VKEY.replace('530d903a', '530d903b'), 'log.vkey-id'],
    ['another name', SPEC_VKEY.replace('foo', 'bar'), 'log.vkey-id'],
    ['another key', SPEC_VKEY.replace('AekyeR', 'AekyeS'), 'log.vkey-id'],
    ['an empty name', SPEC_VKEY.slice('example.com/foo'.length), 'log.bad-key-name'],
    ['a space in the name', SPEC_VKEY.replace('/foo', '/ foo'), 'log.bad-key-name'],
    ['type 2', SPEC_VKEY.replace('+Aeky', '+Aukz'), 'log.unsupported-vkey-type'],
    ['a short key', 'a+00000000+AQ==', 'log.bad-vkey'],
    ['no padding bits', 'a+00000000+AR==', 'log.bad-base64'],
    ['no base64', `a+00000000+${'?'.repeat(44)}`, 'log.bad-base64'],
    ['url-safe base64', `a+00000000+${'_'.repeat(44)}`, 'log.bad-base64'],
    ['too much', `${'a'.repeat(300)}+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k`, 'log.bad-vkey'],
  ])('refuses %s', (_what, vkey, code) => {
    refuses(() => parseVkey(vkey), code);
  });

  test('refuses a key that is none', () => {
    refuses(() => noteVerifier('a', 'log', publicKey.subarray(1)), 'ed25519.public-key-length');
  });

  test.each([
    '',
    ' ',
    'a b',
    'a+b',
    'a\nb',
    'a\u00a0b',
    'a\u2003b',
    'a\u0000',
    'a\u007f',
    'a\ud800',
    'ü'.repeat(128),
  ])('refuses the name %j', (name) => {
    refuses(() => noteVerifier(name, 'log', publicKey), 'log.bad-key-name');
  });

  test('any other name comes back from its verifier key', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .filter((text) => !/[\p{White_Space}\p{Cc}+]/u.test(text));
    fc.assert(
      fc.property(name, fc.constantFrom('log' as const, 'cosignature' as const), (text, type) => {
        const verifier = noteVerifier(text, type, publicKey);
        expect(parseVkey(formatVkey(verifier))).toEqual(verifier);
      }),
    );
  });
});

describe('names of logs and witnesses', () => {
  const arcadia = 'a'.repeat(64);
  const borealis = 'b'.repeat(64);

  test('tell federation, state and use apart', () => {
    expect(originLogName('demo', arcadia)).toBe(`comity/demo/${arcadia}/origin`);
    expect(ledgerLogName('demo', arcadia, borealis)).toBe(`comity/demo/${arcadia}/ledger/${borealis}`);
    expect(witnessName('demo', arcadia)).toBe(`comity/demo/${arcadia}/witness`);
    const longest = ledgerLogName('f'.repeat(63), arcadia, borealis);
    expect(() => noteVerifier(longest, 'log', signerFromSeed(new Uint8Array(32)).publicKey)).not.toThrow();
  });

  test.each(['', 'Demo', 'a/b', '-a', 'a b', 'f'.repeat(64)])('refuse the federation %j', (federation) => {
    refuses(() => originLogName(federation, arcadia), 'log.bad-federation');
    refuses(() => ledgerLogName(federation, arcadia, borealis), 'log.bad-federation');
    refuses(() => witnessName(federation, arcadia), 'log.bad-federation');
  });

  test.each(['', 'A'.repeat(64), 'a'.repeat(63), `${'a'.repeat(63)}/`, 'XAR'])(
    'refuse the state %j',
    (state) => {
      refuses(() => originLogName('demo', state), 'log.bad-state');
      refuses(() => ledgerLogName('demo', state, borealis), 'log.bad-state');
      refuses(() => ledgerLogName('demo', arcadia, state), 'log.bad-state');
      refuses(() => witnessName('demo', state), 'log.bad-state');
    },
  );
});
