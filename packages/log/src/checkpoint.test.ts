import { concatBytes } from '@comity/digest';
import { type LocalSigner, type Signer, signerFromSeed } from '@comity/ed25519';
import type { FaultCode } from '@comity/fault';
import { EMPTY_ROOT, leafHash, MAX_TREE_SIZE } from '@comity/merkle';
import { base64 } from '@scure/base';
import { describe, expect, test } from 'vitest';
import {
  addSignatureLine,
  type Checkpoint,
  cosign,
  equivocation,
  formatCheckpoint,
  type NoteVerifier,
  noteVerifier,
  openCheckpoint,
  openNote,
  originLogName,
  parseCheckpoint,
  signCheckpoint,
  signNote,
  verifyCosignature,
  witnessName,
} from './index.ts';

const seeds = (number: number): LocalSigner => signerFromSeed(new Uint8Array(32).fill(number));
const logSigner = seeds(1);
const origin = originLogName('demo', 'a'.repeat(64));
const logVerifier = noteVerifier(origin, 'log', logSigner.publicKey);
const checkpoint: Checkpoint = { origin, size: 7, root: leafHash(Uint8Array.of(7)) };
const text = formatCheckpoint(checkpoint);
const note = await signCheckpoint(checkpoint, logSigner);

const witnesses = ['b', 'c'].map((letter, index) => {
  const signer = seeds(2 + index);
  const name = witnessName('demo', letter.repeat(64));
  return { signer, name, verifier: noteVerifier(name, 'cosignature', signer.publicKey) };
}) as [Witness, Witness];
interface Witness {
  readonly signer: LocalSigner;
  readonly name: string;
  readonly verifier: NoteVerifier;
}
const [first, second] = witnesses;
const cosigners = witnesses.map(({ verifier }) => verifier);
const cosigned = (witness: Witness, atSeconds: number, of = text): Promise<string> =>
  cosign(of, atSeconds, witness.name, witness.signer);

function refuses(action: () => unknown, code: FaultCode): void {
  expect(action).toThrow(expect.objectContaining({ code }));
}

describe('text of a checkpoint', () => {
  test('is origin, size and root', () => {
    expect(text).toBe(`${origin}\n7\n${base64.encode(checkpoint.root)}\n`);
    expect(parseCheckpoint(text)).toEqual(checkpoint);
  });

  test.each([0, 1, 2 ** 32, MAX_TREE_SIZE])('size %d comes back', (size) => {
    const sized = { ...checkpoint, size, root: size === 0 ? EMPTY_ROOT : checkpoint.root };
    expect(parseCheckpoint(formatCheckpoint(sized))).toEqual(sized);
  });

  test('the example of C2SP tlog-checkpoint', () => {
    const example = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
    const parsed = parseCheckpoint(example);
    expect(parsed.size).toBe(20852163);
    expect(formatCheckpoint(parsed)).toBe(example);
  });

  const sized = (size: string): string => text.replace('\n7\n', `\n${size}\n`);
  const rooted = (root: string): string => text.replace(base64.encode(checkpoint.root), root);
  test.each<[string, string, FaultCode]>([
    ['nothing', '', 'log.checkpoint-form'],
    ['two lines', `${origin}\n7\n`, 'log.checkpoint-form'],
    ['no last line feed', text.slice(0, -1), 'log.checkpoint-form'],
    ['an extension line', `${text}time 5\n`, 'log.checkpoint-extension'],
    ['an empty line', `${text}\n`, 'log.checkpoint-extension'],
    ['text after the last line feed', `${text}x`, 'log.checkpoint-extension'],
    ['no origin', text.slice(origin.length), 'log.bad-key-name'],
    ['an origin with a space', text.replace('comity/', 'comity /'), 'log.bad-key-name'],
    ['a long origin', `${'a'.repeat(256)}${text.slice(origin.length)}`, 'log.bad-key-name'],
    ['a leading zero', sized('07'), 'log.bad-size'],
    ['two zeros', sized('00'), 'log.bad-size'],
    ['a plus sign', sized('+7'), 'log.bad-size'],
    ['a minus sign', sized('-7'), 'log.bad-size'],
    ['a fraction', sized('7.0'), 'log.bad-size'],
    ['an exponent', sized('7e0'), 'log.bad-size'],
    ['hexadecimal', sized('0x7'), 'log.bad-size'],
    ['no size', sized(''), 'log.bad-size'],
    ['a space', sized('7 '), 'log.bad-size'],
    ['other digits', sized('٧'), 'log.bad-size'],
    ['2^53', sized('9007199254740992'), 'log.bad-size'],
    ['2^64', sized('18446744073709551616'), 'log.bad-size'],
    ['a short root', rooted(base64.encode(new Uint8Array(31))), 'log.bad-root'],
    ['a long root', rooted(base64.encode(new Uint8Array(33))), 'log.bad-root'],
    ['no root', rooted(''), 'log.bad-root'],
    ['a root in hexadecimal', rooted('0'.repeat(64)), 'log.bad-root'],
    ['a root with bits in the padding', rooted(`${'A'.repeat(42)}B=`), 'log.bad-base64'],
    ['a url-safe root', rooted(`${'_'.repeat(43)}=`), 'log.bad-base64'],
    ['another root at size 0', sized('0'), 'log.bad-empty-root'],
  ])('refuses %s', (_what, changed, code) => {
    refuses(() => parseCheckpoint(changed), code);
  });

  test.each<[string, Partial<Checkpoint>, FaultCode]>([
    ['a bad origin', { origin: 'a b' }, 'log.bad-key-name'],
    ['a fraction', { size: 1.5 }, 'log.bad-size'],
    ['a negative size', { size: -1 }, 'log.bad-size'],
    ['a size beyond 2^53-1', { size: 2 ** 53 }, 'log.bad-size'],
    ['a short root', { root: new Uint8Array(31) }, 'log.bad-root'],
    ['another root at size 0', { size: 0 }, 'log.bad-empty-root'],
  ])('writes no checkpoint with %s', async (_what, change, code) => {
    refuses(() => formatCheckpoint({ ...checkpoint, ...change }), code);
    await expect(signCheckpoint({ ...checkpoint, ...change }, logSigner)).rejects.toMatchObject({ code });
  });
});

describe('opening a checkpoint', () => {
  test('needs no cosigner', () => {
    expect(openCheckpoint(note, { origin, logVerifier })).toEqual({ checkpoint, text, cosignatures: [] });
  });

  test('reports known cosigners with their times, and not unknown ones', async () => {
    const both = addSignatureLine(
      addSignatureLine(note, await cosigned(first, 1000)),
      await cosigned(second, 900),
    );
    expect(openCheckpoint(both, { origin, logVerifier, cosigners }).cosignatures).toEqual([
      { verifier: first.verifier, atSeconds: 1000 },
      { verifier: second.verifier, atSeconds: 900 },
    ]);
    expect(
      openCheckpoint(both, { origin, logVerifier, cosigners: [second.verifier] }).cosignatures,
    ).toHaveLength(1);
  });

  test('a cosigner that signed twice counts once, with its earliest time, in any order', async () => {
    const lines = [await cosigned(first, 1000), await cosigned(first, 500), await cosigned(first, 2000)];
    for (const order of [lines, lines.toReversed()]) {
      const opened = openCheckpoint(order.reduce(addSignatureLine, note), { origin, logVerifier, cosigners });
      expect(opened.cosignatures).toEqual([{ verifier: first.verifier, atSeconds: 500 }]);
    }
  });

  test('cosignatures do not replace the signature of the log', async () => {
    const onlyCosigned = `${text}\n${await cosigned(first, 1000)}`;
    refuses(() => openCheckpoint(onlyCosigned, { origin, logVerifier, cosigners }), 'log.no-log-signature');
    refuses(() => openCheckpoint(onlyCosigned, { origin, logVerifier }), 'log.no-known-signature');
  });

  test('a failing cosignature of a known witness spoils the checkpoint', async () => {
    const elsewhere = formatCheckpoint({ ...checkpoint, size: 8 });
    const moved = addSignatureLine(note, await cosigned(first, 1000, elsewhere));
    refuses(() => openCheckpoint(moved, { origin, logVerifier, cosigners }), 'log.bad-signature');
    expect(openCheckpoint(moved, { origin, logVerifier, cosigners: [second.verifier] }).cosignatures).toEqual(
      [],
    );
  });

  test('origin, key name and text belong together', async () => {
    const otherOrigin = originLogName('demo', 'd'.repeat(64));
    // Signed by the right key under the right name, but the text names another log.
    const otherText = formatCheckpoint({ ...checkpoint, origin: otherOrigin });
    const signedElsewhere = await signNote(otherText, origin, logSigner);
    refuses(() => openCheckpoint(signedElsewhere, { origin, logVerifier }), 'log.wrong-origin');
    refuses(() => openCheckpoint(note, { origin: otherOrigin, logVerifier }), 'log.origin-key-mismatch');
    const asCosigner = noteVerifier(origin, 'cosignature', logSigner.publicKey);
    refuses(() => openCheckpoint(note, { origin, logVerifier: asCosigner }), 'log.origin-key-mismatch');
    const secondLog = noteVerifier('other', 'log', seeds(9).publicKey);
    refuses(
      () => openCheckpoint(note, { origin, logVerifier, cosigners: [secondLog] }),
      'log.origin-key-mismatch',
    );
  });

  test('the key of the log does not count as witness, nor one key as two', () => {
    const self = noteVerifier('self', 'cosignature', logSigner.publicKey);
    const alias = noteVerifier('alias', 'cosignature', first.signer.publicKey);
    for (const list of [[self], [first.verifier, alias], [first.verifier, first.verifier]]) {
      refuses(
        () => openCheckpoint(note, { origin, logVerifier, cosigners: list }),
        'log.ambiguous-verifiers',
      );
    }
  });

  test('a signed note that is no checkpoint is refused', async () => {
    const extended = await signNote(`${text}extension\n`, origin, logSigner);
    refuses(() => openCheckpoint(extended, { origin, logVerifier }), 'log.checkpoint-extension');
    const poem = await signNote('roses are red\n', origin, logSigner);
    refuses(() => openCheckpoint(poem, { origin, logVerifier }), 'log.checkpoint-form');
  });
});

describe('cosignatures', () => {
  test('sign header, time and checkpoint; the time stands before the signature', async () => {
    const line = await cosigned(first, 1_679_315_147);
    const [dash, name, b64] = line.slice(0, -1).split(' ') as [string, string, string];
    expect([dash, name]).toEqual(['—', first.name]);
    const bytes = base64.decode(b64);
    expect(bytes.subarray(0, 4)).toEqual(first.verifier.keyId);
    expect(new DataView(bytes.buffer, bytes.byteOffset + 4).getBigUint64(0)).toBe(1_679_315_147n);
    const message = `cosignature/v1\ntime 1679315147\n${text}`;
    expect(bytes.subarray(12)).toEqual(first.signer.sign(new TextEncoder().encode(message)));
  });

  test('verify as a line and inside a note', async () => {
    const line = await cosigned(first, 1000);
    expect(verifyCosignature(line, text, first.verifier)).toEqual({ atSeconds: 1000 });
    expect(verifyCosignature(addSignatureLine(note, line), text, first.verifier)).toEqual({
      atSeconds: 1000,
    });
    for (const atSeconds of [0, Number.MAX_SAFE_INTEGER]) {
      expect(verifyCosignature(await cosigned(first, atSeconds), text, first.verifier)).toEqual({
        atSeconds,
      });
    }
  });

  test('belong to one checkpoint and one key', async () => {
    const line = await cosigned(first, 1000);
    const elsewhere = formatCheckpoint({ ...checkpoint, size: 8 });
    refuses(() => verifyCosignature(line, elsewhere, first.verifier), 'log.bad-signature');
    refuses(
      () => verifyCosignature(addSignatureLine(note, line), elsewhere, first.verifier),
      'log.other-checkpoint',
    );
    refuses(() => verifyCosignature(line, text, second.verifier), 'log.no-known-signature');
    refuses(() => verifyCosignature(note, text, first.verifier), 'log.no-known-signature');
    refuses(() => verifyCosignature(line.slice(0, -1), text, first.verifier), 'log.no-final-newline');
    refuses(() => verifyCosignature(note, text, logVerifier), 'log.origin-key-mismatch');
  });

  test('a changed time, a time beyond 2^53-1 and a plain signature are refused', async () => {
    const bytes = base64.decode((await cosigned(first, 1000)).split(' ')[2]?.trim() ?? '');
    const lineWith = (change: (copy: Uint8Array) => Uint8Array): string =>
      `— ${first.name} ${base64.encode(change(Uint8Array.from(bytes)))}\n`;
    const later = lineWith((copy) => copy.with(11, 0));
    refuses(() => verifyCosignature(later, text, first.verifier), 'log.bad-signature');
    const never = lineWith((copy) => copy.with(4, 0xff));
    refuses(() => verifyCosignature(never, text, first.verifier), 'log.bad-time');
    const plain = lineWith((copy) => concatBytes(copy.subarray(0, 4), copy.subarray(12)));
    refuses(() => verifyCosignature(plain, text, first.verifier), 'log.bad-signature-form');
  });

  test('are made of checkpoints only, at times that can be written', async () => {
    await expect(cosigned(first, 1000, 'hello\n')).rejects.toMatchObject({ code: 'log.checkpoint-form' });
    for (const atSeconds of [-1, 1.5, 2 ** 53, Number.NaN]) {
      await expect(cosigned(first, atSeconds)).rejects.toMatchObject({ code: 'log.bad-time' });
    }
    const broken: Signer = { publicKey: first.signer.publicKey, sign: () => new Uint8Array(63) };
    await expect(cosign(text, 1, first.name, broken)).rejects.toMatchObject({
      code: 'log.bad-signature-form',
    });
  });

  test('a log signature over the same text is no cosignature', async () => {
    const signedAsLog = await signNote(text, first.name, first.signer);
    refuses(() => openNote(signedAsLog, [first.verifier]), 'log.no-known-signature');
  });
});

describe('equivocation', () => {
  const fork = { ...checkpoint, root: leafHash(Uint8Array.of(8)) };

  const signed = (each: string) => ({ note: each, logVerifier });

  test('two roots at one size are evidence, the same for whoever finds them', async () => {
    const forkNote = await signCheckpoint(fork, logSigner);
    const found = equivocation(signed(note), signed(forkNote));
    expect(found).toEqual(equivocation(signed(forkNote), signed(note)));
    expect(found?.origin).toBe(origin);
    expect(found?.size).toBe(7);
    expect(new Set(found?.histories.map((history) => history.note))).toEqual(new Set([note, forkNote]));
    expect(found?.histories.map(({ root }) => base64.encode(root)).toSorted()).toEqual(
      [checkpoint, fork].map(({ root }) => base64.encode(root)).toSorted(),
    );
  });

  test('two keys of one log can have signed them', async () => {
    const later = seeds(8);
    const forkNote = await signCheckpoint(fork, later);
    const found = equivocation(signed(note), {
      note: forkNote,
      logVerifier: noteVerifier(origin, 'log', later.publicKey),
    });
    expect(found?.size).toBe(7);
  });

  test('the same checkpoint, or another size, is none', async () => {
    const again = addSignatureLine(note, await cosigned(first, 1000));
    expect(equivocation(signed(note), signed(again))).toBeUndefined();
    const grown = await signCheckpoint({ ...fork, size: 8 }, logSigner);
    expect(equivocation(signed(note), signed(grown))).toBeUndefined();
  });

  test('what the log has not signed, or another log, is refused', async () => {
    const forged = await signCheckpoint(fork, seeds(9));
    refuses(() => equivocation(signed(note), signed(forged)), 'log.no-known-signature');
    const elsewhere = await signNote(formatCheckpoint({ ...fork, origin: 'other' }), origin, logSigner);
    refuses(() => equivocation(signed(elsewhere), signed(note)), 'log.wrong-origin');
    const other = {
      note: await signCheckpoint({ ...fork, origin: 'other' }, seeds(9)),
      logVerifier: noteVerifier('other', 'log', seeds(9).publicKey),
    };
    refuses(() => equivocation(signed(note), other), 'log.wrong-origin');
  });
});
