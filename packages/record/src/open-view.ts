import { Fault } from '@comity/fault';
import type { Label } from '@comity/label';
import type { AuthorisedRecord } from './authorise-record.ts';
import { DigestCollector, type DigestGroup, type DigestGroups, hasRedaction } from './digest-group.ts';
import { DisclosedBody } from './disclosed-body.ts';
import { type Disclosure, type PartDisclosure, readDisclosure } from './disclosure.ts';
import { formatFieldPath, joinFieldPath } from './field-path.ts';
import { judgementsOf, type LabelJudgements } from './label-judgement.ts';
import { MAX_DISCLOSED_BYTES, MAX_DISCLOSURES } from './limits.ts';
import { OpenedPart } from './part.ts';
import { isReservedField, OVERALL } from './reserved-fields.ts';
import { OpenedView, type View } from './view.ts';

/**
 * Opens a record with disclosures, in any order. Each must stand for exactly one digest that is in sight, be of the kind
 * that belongs there, carry a label that the key could give, and stand below the record's overall label where that is
 * disclosed. Anything else refuses the whole: a peer that adds one wrong disclosure has sent none.
 *
 * @param disclosures default: those that came inside the record's bytes
 * @throws Fault `record.*`, one code for each rule, `cbor.*`
 */
export function openView(
  record: AuthorisedRecord,
  disclosures: readonly Uint8Array[] = record.disclosures,
): View {
  return openDisclosed(record, readDisclosures(disclosures));
}

/** As `openView`, with disclosures that were read and measured before, in ascending order of digests. */
export function openDisclosed(
  record: AuthorisedRecord,
  disclosed: ReadonlyMap<string, Disclosure>,
): OpenedView {
  const opener = new Opener(record, disclosed);
  opener.openGroups(record.bodyGroups, record.header.label, NO_ANCESTORS);
  opener.requireAllPlaced();
  opener.requireOverall();
  const { parts, body, overall, digestCount } = opener;
  return new OpenedView({ record, disclosed, parts, body, overall, digestCount });
}

/** Disclosures by digest in ascending order: what does not depend on the order in which they came says nothing about it. */
export function inOrder(disclosures: readonly Disclosure[]): ReadonlyMap<string, Disclosure> {
  const byDigest = new Map<string, Disclosure>();
  // Mostly they come in order: views are encoded so.
  for (const disclosure of isInOrder(disclosures) ? disclosures : disclosures.toSorted(byAscendingDigest)) {
    byDigest.set(disclosure.digest, disclosure);
  }
  return byDigest;
}

function isInOrder(disclosures: readonly Disclosure[]): boolean {
  for (let index = 1; index < disclosures.length; index += 1) {
    if ((disclosures[index - 1] as Disclosure).digest > (disclosures[index] as Disclosure).digest)
      return false;
  }
  return true;
}

function byAscendingDigest(a: Disclosure, b: Disclosure): number {
  return a.digest < b.digest ? -1 : 1;
}

const NO_ANCESTORS: readonly string[] = Object.freeze([]);

function readDisclosures(disclosures: readonly Uint8Array[]): ReadonlyMap<string, Disclosure> {
  // Formats §2.3, DoS: counted and measured before any of them is parsed.
  if (disclosures.length > MAX_DISCLOSURES) {
    throw new Fault(
      'record.too-many-disclosures',
      `expected at most ${MAX_DISCLOSURES}, got ${disclosures.length}`,
    );
  }
  requireSize(disclosures);
  const inOrderOfDigest = inOrder(disclosures.map(readDisclosure));
  if (inOrderOfDigest.size !== disclosures.length) {
    throw new Fault('record.duplicate-disclosure', 'two disclosures have the same digest');
  }
  return inOrderOfDigest;
}

/** @throws Fault `record.too-large` */
export function requireSize(disclosures: Iterable<Uint8Array>): void {
  let byteLength = 0;
  for (const { length } of disclosures) byteLength += length;
  if (byteLength > MAX_DISCLOSED_BYTES) {
    const message = `expected at most ${MAX_DISCLOSED_BYTES} bytes of disclosures, got ${byteLength}`;
    throw new Fault('record.too-large', message);
  }
}

/** One pass from the payload into what was disclosed, each disclosure visited where its digest stands. */
class Opener {
  readonly parts = new Map<string, OpenedPart>();
  readonly body: DisclosedBody;
  private readonly record: AuthorisedRecord;
  private readonly disclosed: ReadonlyMap<string, Disclosure>;
  private readonly judgements: LabelJudgements;
  private collector: DigestCollector | undefined;
  /** Label of the record as a whole, where it is disclosed. */
  overall: Label | undefined;
  private decoys = 0;

  constructor(record: AuthorisedRecord, disclosed: ReadonlyMap<string, Disclosure>) {
    this.record = record;
    this.disclosed = disclosed;
    this.judgements = judgementsOf(record.grant);
    this.body = new DisclosedBody(record.claims, disclosed, this.parts, () => this.groups);
  }

  get groups(): DigestGroups {
    return this.collector ?? this.record.groups;
  }

  get digestCount(): number {
    return this.collector?.digestCount ?? this.record.digests.size;
  }

  openGroups(groups: readonly DigestGroup[], inherited: Label, ancestors: readonly string[]): void {
    for (const group of groups) {
      const pathText = formatFieldPath(group.path);
      const names: string[] = [];
      for (let index = 0; index < group.digests.length; index += 1) {
        const disclosure = this.disclosed.get(group.digests[index] as string);
        if (disclosure === undefined) continue;
        if (disclosure.decoy) {
          this.decoys += 1;
          continue;
        }
        const step = stepOf(group, index, disclosure, names);
        const place = { path: [...group.path, step], pathText: joinFieldPath(pathText, step) };
        this.openPart(place, disclosure, inherited, ancestors);
      }
    }
  }

  /** Formats §2.3: leftovers. A child whose ancestors are missing is one: its digest is not in sight. */
  requireAllPlaced(): void {
    if (this.parts.size + this.decoys !== this.disclosed.size) {
      throw new Fault('record.orphan-disclosure', 'a disclosure stands for no digest in sight');
    }
  }

  /** The overall label is the highest in every dimension, or the record would be announced as lower than it is. */
  requireOverall(): void {
    const { overall } = this;
    if (overall === undefined) return;
    if (!this.judgements.covers(overall, this.record.header.label)) {
      throw new Fault(
        'record.label-below-envelope',
        'the overall label does not dominate the envelope label',
      );
    }
    for (const { label, pathText } of this.parts.values()) {
      if (!this.judgements.covers(overall, label)) {
        const fields = { part: pathText };
        throw new Fault(
          'record.label-below-part',
          'the overall label does not dominate the label of a part',
          { fields },
        );
      }
    }
  }

  private openPart(
    place: { readonly path: readonly (string | number)[]; readonly pathText: string },
    disclosure: PartDisclosure,
    inherited: Label,
    ancestors: readonly string[],
  ): void {
    const { path, pathText } = place;
    if (disclosure.label !== undefined) this.judgements.requireGranted(disclosure.label, pathText);
    if (path.length === 1) requireRootField(disclosure);
    const label = disclosure.label ?? inherited;
    if (pathText === OVERALL) this.overall = label;
    this.parts.set(disclosure.digest, new OpenedPart(place, disclosure, { label, ancestors }, this.body));
    if (!hasRedaction(disclosure.content)) return;
    this.collector ??= new DigestCollector(this.record);
    const groups = this.collector.collect(disclosure.content, path);
    this.openGroups(groups, label, [...ancestors, disclosure.digest]);
  }
}

/** The last step of the path of a disclosed part, which must be of the kind that its digest's place is for. */
function stepOf(
  group: DigestGroup,
  index: number,
  disclosure: PartDisclosure,
  names: string[],
): string | number {
  const { name } = disclosure;
  if (group.positions !== undefined) {
    // Formats §2.3: wrong arity. [salt, part, name] belongs under simple(59).
    if (name !== undefined)
      throw new Fault('record.field-as-element', 'a disclosed field stands for an element of a list');
    return group.positions[index] as number;
  }
  // Formats §2.3: wrong arity. [salt, part] belongs under tag 60.
  if (name === undefined)
    throw new Fault('record.element-as-field', 'a disclosed element stands for a field of a map');
  // Formats §2.3, §7.8: key already present, whether in the clear or disclosed before.
  if (names.includes(name) || (group.container as ReadonlyMap<unknown, unknown>).has(name)) {
    throw new Fault('record.key-present', 'a disclosed field has the key of another field');
  }
  names.push(name);
  return name;
}

function requireRootField({ name, label, content }: PartDisclosure): void {
  if (name === OVERALL) {
    // The overall label is the part's own; content beside it could contradict it.
    if (label === undefined || content !== null) {
      throw new Fault('record.overall-malformed', 'expected the overall part to carry its label and null');
    }
  } else if (name !== undefined && isReservedField(name)) {
    throw new Fault('record.key-reserved', 'a disclosed field has a reserved name');
  }
}
