// Letters for the vectors: what Arcadia writes to Anna, an officer of Borealis. Each piece can be replaced.

import { ANNA, officer as certificateOf, type OfficerOptions, SEAL_KEY } from '../approval/text.ts';
import { cbor, filled, hex, type Item, record, sha256 } from '../cbor-text.ts';
import { type Disclosure, field, label, overall, type RecordText, recordText } from '../record/text.ts';
import { arcadia, borealis, changed, NOW_SECONDS, type State } from '../states.ts';
import type { InvalidCase, Json, ValidCase, VectorFile } from '../vector.ts';
import { type HpkeOptions, type Sealing, seal } from './hpke.ts';

export type Members = { readonly [name: string]: Json };
/** Entries of a map; undefined takes one away. */
export type Changes = readonly (readonly [Item, Item | undefined])[];

/** Of Anna; `SEAL_KEY` is its public key. */
export const PRIVATE_KEY: Buffer = filled(0x5a);
/** What the ephemeral key pair is derived from. */
export const RANDOM: Buffer = filled(0x77);

export const SIZES: readonly number[] = [4_096, 16_384, 65_536, 262_144, 1_048_576, 4_128_768];

const red = label('restricted', 'RED', [[5, undefined]]);

/** A norm of a state for named persons only, with parts of which a letter may show some. */
export interface RedNorm {
  readonly signed: RecordText;
  readonly whole: Disclosure;
  readonly title: Disclosure;
  readonly kind: Disclosure;
}

export function redNorm(
  issuer: State = arcadia,
  issuedAtSeconds: number = NOW_SECONDS,
  text = 'For one pair of eyes',
): RedNorm {
  const own =
    issuer === arcadia
      ? red
      : label('secret', 'RED', [
          [1, 'xbo-2026'],
          [5, undefined],
        ]);
  const whole = overall(own, `red ${issuer.code}`);
  const title = field('title', record({ en: text }));
  const kind = field('kind', 'voluntary');
  const signed = recordText({
    issuer,
    subject: 'norm/eyes',
    issuedAtSeconds,
    envelope: own,
    body: [whole, title, kind],
  });
  return { signed, whole, title, kind };
}

export const norm: RedNorm = redNorm();

export interface LetterOptions {
  /** Changes of the content (letter.md 2.1). */
  readonly content?: Changes;
  /** Replaces the content as a whole. */
  readonly plain?: Uint8Array;
  /** Replaces the content as padded. */
  readonly padded?: Uint8Array;
  /** Changes of the list of the address (letter.md 2.4): place, and what stands there instead. */
  readonly address?: readonly (readonly [place: number, item: Item])[];
  readonly publicKey?: Uint8Array;
  readonly random?: Uint8Array;
  readonly hpke?: HpkeOptions;
}

export interface LetterText extends Sealing {
  readonly content: Buffer;
  readonly info: Buffer;
  readonly letter: Buffer;
  readonly id: Buffer;
}

/** The certificate of Anna, of Borealis, with a key for letters. */
export function anna(options: OfficerOptions = {}): ReturnType<typeof certificateOf> {
  const { payload = [] } = options;
  const hasKey = payload.some(([key]) => key === 'seal');
  return certificateOf({
    state: borealis,
    ...options,
    payload: hasKey ? payload : [['seal', SEAL_KEY], ...payload],
  });
}

export function contentOf(changes: Changes = []): Buffer {
  return cbor(
    changed(
      [
        [1, norm.signed.message],
        [2, [norm.title.bytes]],
        [3, NOW_SECONDS],
        [4, 'incident-response'],
      ],
      changes,
    ),
  );
}

/** The content, the byte 80, and zeros up to the smallest size with room for both. */
export function padded(content: Uint8Array): Buffer {
  const size = SIZES.find((each) => each > content.length) ?? 0;
  return Buffer.concat([content, Buffer.from([0x80]), Buffer.alloc(size - content.length - 1)]);
}

export function letterText(options: LetterOptions = {}): LetterText {
  const bound = new Map(options.address);
  const content = Buffer.from(options.plain ?? contentOf(options.content));
  const address: readonly Item[] = ['comity-letter/1', arcadia.id, borealis.id, 'anna', ANNA.keyId];
  const info = cbor(address.map((item, place) => (bound.has(place) ? (bound.get(place) as Item) : item)));
  const sealing = seal(
    options.publicKey ?? SEAL_KEY,
    info,
    options.padded ?? padded(content),
    options.random ?? RANDOM,
    options.hpke,
  );
  const letter = cbor([sealing.enc, sealing.ciphertext]);
  return { ...sealing, content, info, letter, id: sha256(letter) };
}

/** Both states known, with their record keys. */
export const known: Members = {
  charters: [hex(arcadia.charter), hex(borealis.charter)],
  certificates: [hex(arcadia.certificates.record), hex(borealis.certificates.record)],
};

/** The `in` of letter.open: Anna opens what Arcadia has written. */
export function openInput(letter: Json, members: Members = {}): Members {
  return {
    letter,
    privateKey: hex(PRIVATE_KEY),
    sender: arcadia.idText,
    recipient: borealis.idText,
    officer: 'anna',
    keyId: hex(ANNA.keyId),
    ...known,
    atSeconds: NOW_SECONDS,
    ...members,
  };
}

/** The `in` of letter.seal: Arcadia writes to Anna. */
export function sealInput(members: Members = {}): Members {
  return {
    record: hex(norm.signed.message),
    disclosures: [hex(norm.title.bytes)],
    atSeconds: NOW_SECONDS,
    purpose: 'incident-response',
    sender: arcadia.idText,
    officer: { certificate: hex(anna().message) },
    random: hex(RANDOM),
    ...known,
    ...members,
  };
}

export const openForm = { topic: 'letter', op: 'letter.open' };
export const sealForm = { topic: 'letter', op: 'letter.seal' };

export const opened = (name: string, valid: readonly ValidCase[]): VectorFile => ({
  ...openForm,
  name,
  grammar: { letter: 'sealed-letter' },
  valid,
});

export function refused(
  code: string,
  clause: string,
  comment: string,
  options: LetterOptions,
  members: Members = {},
): InvalidCase {
  return { comment, in: openInput(hex(letterText(options).letter), members), code, clause };
}
