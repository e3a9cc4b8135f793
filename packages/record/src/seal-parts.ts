import { type CborKey, type CborValue, encode, REDACTED, Tagged } from '@comity/cbor';
import { compareBytes, type Entropy, toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import { type Label, labelShape } from '@comity/label';
import { disclosureDigest } from './disclosure.ts';
import type { DraftContent, DraftField, DraftPart } from './draft.ts';
import { isFieldName } from './field-path.ts';
import { DIGEST_PADDING, MAX_DIGESTS, SALT_BYTES } from './limits.ts';
import { isReservedField, OVERALL } from './reserved-fields.ts';

/**
 * Seals the parts of a draft from the leaves to the root (formats §2.4): each part becomes a salted disclosure, and its
 * digest stands where the part stood.
 */
export class PartSealer {
  /** Every disclosure made so far, those of decoys included. */
  readonly disclosures: Uint8Array[] = [];
  private readonly entropy: Entropy;
  private readonly salts = new Set<string>();
  private readonly encodedLabels = new Map<Label, string>();

  constructor(entropy: Entropy) {
    this.entropy = entropy;
  }

  /** The digests of the body, to stand under simple(59) of the payload: the overall label and every field. */
  sealBody(fields: readonly DraftField[], overall: Label, envelope: Label): readonly Uint8Array[] {
    for (const { name } of fields) {
      if (isReservedField(name))
        throw new Fault('record.key-reserved', 'a field of the draft has a reserved name');
    }
    // Its label is its content: always spelt out, never inherited.
    const digest = this.seal([[labelShape.encode(overall), null], OVERALL]);
    return this.padded([digest, ...this.sealFields(fields, envelope)]);
  }

  private sealFields(fields: readonly DraftField[], inherited: Label): readonly Uint8Array[] {
    const names = new Set<string>();
    return fields.map(({ name, ...part }) => {
      if (!isFieldName(name))
        throw new Fault('record.bad-field-name', 'a field of the draft has no field name');
      if (names.has(name)) throw new Fault('record.key-present', 'a field of the draft occurs twice');
      names.add(name);
      return this.seal([this.wrap(part, inherited), name]);
    });
  }

  /** Label and content; null in place of a label that the part inherits anyway. */
  private wrap({ label, content }: DraftPart, inherited: Label): CborValue {
    const own = this.encodedLabel(label) === this.encodedLabel(inherited) ? null : labelShape.encode(label);
    return [own, this.sealContent(content, label)];
  }

  private sealContent(content: DraftContent, label: Label): CborValue {
    switch (content.kind) {
      case 'value':
        return content.value;
      case 'fields': {
        const digests = this.padded(this.sealFields(content.fields, label));
        return new Map<CborKey, CborValue>([[REDACTED, digests]]);
      }
      case 'elements': {
        const digests = content.elements.map((element) => this.seal([this.wrap(element, label)]));
        return this.shuffled([...digests, ...this.decoysFor(digests.length)]).map(
          (digest) => new Tagged(60, digest),
        );
      }
    }
  }

  /** Formats §2.3: digests in a map are sorted, so that their order says nothing about the order of fields. */
  private padded(digests: readonly Uint8Array[]): readonly Uint8Array[] {
    return [...digests, ...this.decoysFor(digests.length)].sort(compareBytes);
  }

  /** Formats §2.3: at least one digest, and always a multiple of 4, so that an empty list looks like one of three. */
  private decoysFor(count: number): readonly Uint8Array[] {
    const slots = Math.max(1, Math.ceil(count / DIGEST_PADDING)) * DIGEST_PADDING;
    return Array.from({ length: slots - count }, () => this.seal([]));
  }

  private seal(rest: readonly CborValue[]): Uint8Array {
    if (this.disclosures.length === MAX_DIGESTS) {
      throw new Fault('record.too-many-digests', `expected at most ${MAX_DIGESTS} parts and decoys`);
    }
    const disclosure = encode([this.freshSalt(), ...rest]);
    this.disclosures.push(disclosure);
    return disclosureDigest(disclosure);
  }

  /** Formats §2.3: a salt that is used twice, or can be guessed, gives away what it hides. */
  private freshSalt(): Uint8Array {
    const salt = this.entropy(SALT_BYTES);
    const name = toHex(salt);
    if (salt.length !== SALT_BYTES || this.salts.has(name)) {
      throw new Fault('record.bad-entropy', 'the source of randomness repeats itself or gives too little');
    }
    this.salts.add(name);
    return salt;
  }

  /** Fisher-Yates: every order is equally likely, so that positions say nothing about the order of the draft. */
  private shuffled(digests: readonly Uint8Array[]): readonly Uint8Array[] {
    const order = [...digests];
    for (let last = order.length - 1; last > 0; last -= 1) {
      const other = this.below(last + 1);
      [order[last], order[other]] = [order[other] as Uint8Array, order[last] as Uint8Array];
    }
    return order;
  }

  /** A number below `bound` (at most 512), each equally likely: what would make the first ones likelier is thrown away. */
  private below(bound: number): number {
    const range = 0x1_0000 - (0x1_0000 % bound);
    for (;;) {
      const [high = 0, low = 0] = this.entropy(2);
      const drawn = high * 256 + low;
      if (drawn < range) return drawn % bound;
    }
  }

  private encodedLabel(label: Label): string {
    let encoded = this.encodedLabels.get(label);
    if (encoded === undefined) {
      encoded = toHex(encode(labelShape.encode(label)));
      this.encodedLabels.set(label, encoded);
    }
    return encoded;
  }
}
