import { concatBytes } from '@comity/digest';
import { type Signer, signerFromSeed } from '@comity/ed25519';
import type { FaultCode } from '@comity/fault';
import { base64 } from '@scure/base';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addSignatureLine,
  MAX_NOTE_BYTES,
  MAX_NOTE_SIGNATURES,
  noteVerifier,
  openNote,
  signNote,
  splitNote,
} from './index.ts';

const signer = signerFromSeed(new Uint8Array(32).fill(1));
const other = signerFromSeed(new Uint8Array(32).fill(2));
const verifier = noteVerifier('a.example/log', 'log', signer.publicKey);
const otherVerifier = noteVerifier('b.example/log', 'log', other.publicKey);
const TEXT = 'first line\nsecond line\n';
const note = await signNote(TEXT, verifier.name, signer);
const line = note.slice(TEXT.length + 1);
const otherLine = (await signNote(TEXT, otherVerifier.name, other)).slice(TEXT.length + 1);

function refuses(action: () => unknown, code: FaultCode): void {
  expect(action).toThrow(expect.objectContaining({ code }));
}

/** A line with the key id of a verifier and whatever bytes as signature. */
function lineOf({ name, keyId }: typeof verifier, signature: Uint8Array): string {
  return `— ${name} ${base64.encode(concatBytes(keyId, signature))}\n`;
}

describe('opening', () => {
  test('gives the text and who signed', () => {
    const opened = openNote(note, [verifier]);
    expect(opened.text).toBe(TEXT);
    expect(opened.signatures).toEqual([{ verifier, signature: signer.sign(new TextEncoder().encode(TEXT)) }]);
  });

  test('splits at the last empty line', async () => {
    const withEmptyLines = 'title\n\nbody\n\n\nmore\n';
    const signed = await signNote(withEmptyLines, verifier.name, signer);
    expect(openNote(signed, [verifier]).text).toBe(withEmptyLines);
    // A signature over the part before the first empty line is none over the whole.
    const partial = (await signNote('title\n', verifier.name, signer)).slice('title\n\n'.length);
    refuses(() => openNote(`title\n\nbody\n\n${partial}`, [verifier]), 'log.bad-signature');
  });

  test('ignores keys it does not know, also under a known name or key id', () => {
    const sameName = noteVerifier(verifier.name, 'log', other.publicKey);
    const junk = lineOf({ ...verifier, name: 'c.example' }, new Uint8Array(64));
    const opened = openNote(`${TEXT}\n${junk}${lineOf(sameName, new Uint8Array(9))}${line}${otherLine}`, [
      verifier,
    ]);
    expect(opened.signatures).toHaveLength(1);
    refuses(() => openNote(`${TEXT}\n${junk}`, [verifier]), 'log.no-known-signature');
    refuses(() => openNote(note, [otherVerifier]), 'log.no-known-signature');
    refuses(() => openNote(note, []), 'log.no-known-signature');
  });

  test('one failing signature of a known key spoils the note, whatever else is good', () => {
    const bad = lineOf(otherVerifier, signer.sign(new TextEncoder().encode(TEXT)));
    for (const block of [line + bad, bad + line, line + otherLine + bad]) {
      refuses(() => openNote(`${TEXT}\n${block}`, [verifier, otherVerifier]), 'log.bad-signature');
      expect(openNote(`${TEXT}\n${block}`, [verifier]).signatures).toHaveLength(1);
    }
    for (const byteLength of [1, 63, 65, 72]) {
      const form = lineOf(verifier, new Uint8Array(byteLength));
      refuses(() => openNote(`${TEXT}\n${line}${form}`, [verifier]), 'log.bad-signature-form');
    }
  });

  test('a key that signed twice counts once', () => {
    expect(openNote(`${TEXT}\n${line}${line}`, [verifier]).signatures).toHaveLength(1);
    expect(
      openNote(`${TEXT}\n${otherLine}${line}${otherLine}`, [verifier, otherVerifier]).signatures,
    ).toHaveLength(2);
  });

  test('refuses verifiers that would count a signer twice', () => {
    const alias = noteVerifier('alias.example', 'log', signer.publicKey);
    const cosigner = noteVerifier('alias.example', 'cosignature', signer.publicKey);
    for (const second of [alias, cosigner, verifier]) {
      refuses(() => openNote(note, [verifier, second]), 'log.ambiguous-verifiers');
    }
    const collision = { ...otherVerifier, name: verifier.name, keyId: verifier.keyId };
    refuses(() => openNote(note, [verifier, collision]), 'log.ambiguous-verifiers');
  });

  const b64 = line.slice('— a.example/log '.length, -1);
  test.each<[string, string, FaultCode]>([
    ['nothing', '', 'log.no-final-newline'],
    ['text without signatures', TEXT, 'log.no-signatures'],
    ['an empty line and no signatures', `${TEXT}\n`, 'log.no-signatures'],
    ['several empty lines and no signatures', `${TEXT}\n\n\n`, 'log.no-signatures'],
    ['no text', `\n${line}`, 'log.no-signatures'],
    ['no empty line', TEXT + line, 'log.no-signatures'],
    ['no line feed at the end', note.slice(0, -1), 'log.no-final-newline'],
    ['a carriage return', note.replace('\n', '\r\n'), 'log.control-character'],
    ['a tab', note.replace('first line', 'first\tline'), 'log.control-character'],
    ['a zero', note.replace('first', 'fir\u0000t'), 'log.control-character'],
    ['half a surrogate pair', note.replace('first', 'fir\ud800t'), 'log.not-text'],
    ['a hyphen for the dash', note.replace('—', '-'), 'log.signature-line'],
    ['no dash', note.replace('— ', ''), 'log.signature-line'],
    ['two spaces', note.replace('— ', '—  '), 'log.signature-line'],
    ['a no-break space', note.replace('— ', '—\u00a0'), 'log.signature-line'],
    ['a plus in the name', note.replace('a.example', 'a+example'), 'log.signature-line'],
    ['a thin space in the name', note.replace('a.example', 'a\u2009example'), 'log.signature-line'],
    ['a name of 256 bytes', note.replace('a.example/log', 'a'.repeat(256)), 'log.signature-line'],
    [
      'a name of 256 bytes in 128 characters',
      note.replace('a.example/log', '\u00e9'.repeat(128)),
      'log.signature-line',
    ],
    ['no signature', note.replace(` ${b64}`, ''), 'log.signature-line'],
    ['an empty signature', note.replace(b64, ''), 'log.signature-line'],
    ['a key id only', note.replace(b64, base64.encode(verifier.keyId)), 'log.signature-line'],
    ['a space at the end', note.replace(b64, `${b64} `), 'log.bad-base64'],
    ['no padding', note.replace(b64, b64.slice(0, -1)), 'log.bad-base64'],
    ['url-safe base64', note.replace(b64, `-${b64.slice(1)}`), 'log.bad-base64'],
    [
      'unused bits that are not zero',
      note.replace(b64, `${b64.slice(0, -2)}${nextLetter(b64.at(-2))}=`),
      'log.bad-base64',
    ],
    ['text after the signatures', `${note}more\n`, 'log.signature-line'],
    ['more than fits', `${'x'.repeat(MAX_NOTE_BYTES)}\n\n${line}`, 'log.too-large'],
    ['more than fits in UTF-8', `${'\u20ac'.repeat(MAX_NOTE_BYTES / 3)}\n\n${line}`, 'log.too-large'],
    ['too many signatures', `${TEXT}\n${line.repeat(MAX_NOTE_SIGNATURES + 1)}`, 'log.too-many-signatures'],
  ])('refuses %s', (_what, text, code) => {
    refuses(() => openNote(text, [verifier]), code);
  });

  function nextLetter(letter: string | undefined): string {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    return alphabet[alphabet.indexOf(letter ?? '') + 1] as string;
  }

  test('accepts as many signatures as it says', () => {
    expect(openNote(`${TEXT}\n${line.repeat(MAX_NOTE_SIGNATURES)}`, [verifier]).signatures).toHaveLength(1);
  });

  test('no changed character opens', () => {
    fc.assert(
      fc.property(
        fc.nat(note.length - 1),
        fc.string({ unit: 'binary-ascii', minLength: 0, maxLength: 1 }),
        (at, by) => {
          fc.pre(note[at] !== by);
          const changed = note.slice(0, at) + by + note.slice(at + 1);
          expect(() => openNote(changed, [verifier])).toThrow(
            expect.objectContaining({ code: expect.stringMatching(/^log\./) }),
          );
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('splitting', () => {
  test('says which keys claim to have signed, before any is known', () => {
    const { text, lines } = splitNote(note + otherLine);
    expect(text).toBe(TEXT);
    expect(lines.map(({ name, keyId }) => ({ name, keyId }))).toEqual(
      [verifier, otherVerifier].map(({ name, keyId }) => ({ name, keyId })),
    );
    refuses(() => splitNote(TEXT), 'log.no-signatures');
  });
});

describe('signing', () => {
  test('what is signed opens', async () => {
    const text = fc
      .string({ unit: 'grapheme' })
      .map((content) => `${content.replace(/[^\P{Cc}\n]/gu, '')}\n`);
    await fc.assert(
      fc.asyncProperty(text, async (content) => {
        expect(openNote(await signNote(content, verifier.name, signer), [verifier]).text).toBe(content);
      }),
      { numRuns: 100 },
    );
  });

  test.each<[string, string, string, FaultCode]>([
    ['no text', '', 'a', 'log.note-text'],
    ['no line feed', 'x', 'a', 'log.note-text'],
    ['a control character', 'x\u0007\n', 'a', 'log.control-character'],
    ['half a surrogate pair', '\udc00\n', 'a', 'log.not-text'],
    ['too much', `${'x'.repeat(MAX_NOTE_BYTES)}\n`, 'a', 'log.too-large'],
    ['a bad name', 'x\n', 'a b', 'log.bad-key-name'],
  ])('refuses %s', async (_what, text, name, code) => {
    await expect(signNote(text, name, signer)).rejects.toMatchObject({ code });
  });

  test('refuses what a broken token answers', async () => {
    const broken: Signer = { publicKey: signer.publicKey, sign: async () => new Uint8Array(32) };
    await expect(signNote(TEXT, 'a', broken)).rejects.toMatchObject({ code: 'log.bad-signature-form' });
  });
});

describe('adding a signature line', () => {
  test('puts it last, once', () => {
    const both = addSignatureLine(note, otherLine);
    expect(both).toBe(note + otherLine);
    expect(openNote(both, [verifier, otherVerifier]).signatures).toHaveLength(2);
    expect(addSignatureLine(both, otherLine)).toBe(both);
    expect(addSignatureLine(both, line)).toBe(both);
  });

  test.each<[string, string, FaultCode]>([
    ['no line feed', otherLine.slice(0, -1), 'log.signature-line'],
    ['two lines', otherLine + line, 'log.bad-base64'],
    ['an empty line', '\n', 'log.signature-line'],
    ['text', 'text\n', 'log.signature-line'],
  ])('refuses %s', (_what, added, code) => {
    refuses(() => addSignatureLine(note, added), code);
  });

  test('refuses a note that is full or none', () => {
    const full = `${TEXT}\n${line.repeat(MAX_NOTE_SIGNATURES)}`;
    refuses(() => addSignatureLine(full, otherLine), 'log.too-many-signatures');
    refuses(() => addSignatureLine(TEXT, otherLine), 'log.no-signatures');
  });
});
