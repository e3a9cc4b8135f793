import type { DocumentFault } from '@comity/fault';
import {
  type ClassificationScheme,
  checkLabel,
  dominates,
  type Label,
  MAX_SUCCESSIONS,
  rankOf,
  type StateId,
} from '@comity/label';
import { DraftFaults, type DraftPath } from './draft-faults.ts';
import { type KnownStates, stateNamed } from './known-states.ts';
import { parseTimeText } from './time-text.ts';

/** A label as a person writes it: names of `Label`, times as RFC 3339 text, states as codes or ids. */
export type PlainLabel = Readonly<Record<string, unknown>>;

/** A label as it is inherited: what was written, to be overridden, and what it means; undefined where that is faulty. */
export interface InheritedLabel {
  readonly plain: PlainLabel;
  readonly label: Label | undefined;
}

/** What labels of a draft are read with. */
export interface LabelContext extends KnownStates {
  readonly scheme: ClassificationScheme;
  /** UTC seconds at which the draft is read. */
  readonly atSeconds: number;
}

const TIMES: Readonly<Record<string, string>> = {
  createdAt: 'createdAtSeconds',
  reviewAt: 'reviewAtSeconds',
};
const STATES: readonly string[] = ['releasableTo', 'displayOnlyTo'];
const TEXTS: readonly string[] = ['scheme', 'classification', 'tlp', 'pap', 'privacyMark'];
const LISTS: readonly string[] = ['purposes', 'handling'];
const KEYS: ReadonlySet<string> = new Set([
  ...TEXTS,
  ...STATES,
  'categories',
  ...LISTS,
  ...Object.keys(TIMES),
  'succession',
]);
const SUCCESSION_KEYS: ReadonlySet<string> = new Set(['at', 'label']);
const CATEGORY_KEYS: ReadonlySet<string> = new Set(['set', 'values']);

const DAY_SECONDS = 86_400;

/** Five years of 365 days, so never later than five calendar years (Tshwane principle 16, domain.md §1.8). */
const REVIEW_AFTER_SECONDS = 5 * 365 * DAY_SECONDS;

/** A label, or a partial override of one, without the keys that do not exist: those are faults. */
export function readPlainLabel(value: unknown, at: DraftPath, faults: DraftFaults): PlainLabel | undefined {
  const written = faults.readMap(value, at, KEYS);
  if (written === undefined) return undefined;
  return Object.fromEntries(Object.entries(written).filter(([key]) => KEYS.has(key)));
}

/** An override on top of an inherited label: what it names replaces, null drops, the rest is inherited. */
export function mergePlainLabels(inherited: PlainLabel, override: PlainLabel): PlainLabel {
  return Object.fromEntries(
    Object.entries({ ...inherited, ...override }).filter(([, value]) => value !== null),
  );
}

/**
 * The label that a person wrote, checked against the scheme. A classified label with neither a review date nor a
 * succession gets a review date within five years: nothing stays classified without anybody looking at it again. The
 * date is a midnight, so that labels written on one day are the same label.
 */
export function readLabelText(
  plain: PlainLabel,
  at: DraftPath,
  context: LabelContext,
  faults: DraftFaults,
): Label | undefined {
  const before = faults.count;
  const members = readMembers(plain, at, context, faults);
  if (members.classification === undefined) return undefined;
  const label: Label = { ...members, classification: members.classification };
  for (const fault of checkLabel(label, context.scheme)) {
    faults.add(fault.code, [...at, ...draftPath(fault)], fault.message);
  }
  return faults.count > before ? undefined : withReview(label, context);
}

/**
 * A label with an override on it. A succession that is only inherited is left out where it would make the overridden
 * label more restrictive one day: it was written to lower what it was written for.
 *
 * Where the inherited label is faulty, only faults of the override are added: the others were, where they stand.
 */
export function overrideLabel(
  inherited: InheritedLabel,
  override: PlainLabel,
  at: DraftPath,
  context: LabelContext,
  faults: DraftFaults,
): InheritedLabel {
  const plain = mergePlainLabels(inherited.plain, override);
  if (inherited.label === undefined) {
    const found = new DraftFaults();
    readLabelText(plain, at, context, found);
    for (const { code, path, message } of found.all) {
      if (Object.hasOwn(override, path[at.length] ?? '')) faults.add(code, path, message);
    }
    return { plain, label: undefined };
  }
  const label = readLabelText(plain, at, context, faults);
  if (label?.succession === undefined || 'succession' in override) return { plain, label };
  const { succession, ...present } = label;
  if (dominates(present, succession.label, context.scheme)) return { plain, label };
  const { succession: _, ...lasting } = plain;
  return { plain: lasting, label: readLabelText(lasting, at, context, faults) };
}

/** What could be read of a label; members with faults are left out. */
type Members = Partial<Label> & Pick<Label, 'scheme'>;

function readMembers(plain: PlainLabel, at: DraftPath, context: LabelContext, faults: DraftFaults): Members {
  const members: Record<string, unknown> = { scheme: context.scheme.id };
  for (const [key, value] of Object.entries(plain)) {
    const read = readMember(key, value, plain, [...at, key], context, faults);
    if (read !== undefined) members[TIMES[key] ?? key] = read;
  }
  if (plain.classification === undefined) {
    faults.add('record.missing-field', [...at, 'classification'], 'a label needs a classification');
  }
  return members as Members;
}

function readMember(
  key: string,
  value: unknown,
  plain: PlainLabel,
  at: DraftPath,
  context: LabelContext,
  faults: DraftFaults,
): Label[keyof Label] {
  if (Object.hasOwn(TIMES, key)) return readTime(value, at, faults);
  if (STATES.includes(key)) return readStates(value, at, context, faults);
  if (LISTS.includes(key)) return readTexts(value, at, faults);
  if (key === 'categories') return readCategories(value, at, faults);
  if (key === 'succession') return readSuccession(value, plain, at, context, faults);
  return readText(value, at, faults);
}

/** A succession is an override of the label it succeeds, so that it says only what changes. */
function readSuccession(
  value: unknown,
  plain: PlainLabel,
  at: DraftPath,
  context: LabelContext,
  faults: DraftFaults,
): Label['succession'] {
  if (at.filter((step) => step === 'succession').length > MAX_SUCCESSIONS) {
    return faults.add('label.succession-too-long', at, `expected at most ${MAX_SUCCESSIONS} successions`);
  }
  const succession = faults.readMap(value, at, SUCCESSION_KEYS);
  if (succession === undefined) return undefined;
  const atSeconds = readTime(succession.at, [...at, 'at'], faults);
  const override = readPlainLabel(succession.label, [...at, 'label'], faults);
  if (override === undefined) return undefined;
  const { succession: _, reviewAt: __, ...succeeded } = plain;
  const members = readMembers(mergePlainLabels(succeeded, override), [...at, 'label'], context, faults);
  const { classification } = members;
  if (atSeconds === undefined || classification === undefined) return undefined;
  return { atSeconds, label: { ...members, classification } };
}

function withReview(label: Label, { scheme, atSeconds }: LabelContext): Label {
  const classified = (rankOf(scheme, label.classification) ?? 0) > 0;
  if (!classified || label.reviewAtSeconds !== undefined || label.succession !== undefined) return label;
  const latest = atSeconds + REVIEW_AFTER_SECONDS;
  return { ...label, reviewAtSeconds: latest - (latest % DAY_SECONDS) };
}

function readText(value: unknown, at: DraftPath, faults: DraftFaults): string | undefined {
  return typeof value === 'string' ? value : faults.add('record.bad-value', at, 'expected text');
}

function readTexts(value: unknown, at: DraftPath, faults: DraftFaults): readonly string[] | undefined {
  if (!Array.isArray(value)) return faults.add('record.bad-value', at, 'expected a list');
  const texts = value.map((each: unknown, index) => readText(each, [...at, index], faults));
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

function readTime(value: unknown, at: DraftPath, faults: DraftFaults): number | undefined {
  const parsed = typeof value === 'string' ? parseTimeText(value) : undefined;
  return parsed ?? faults.add('record.bad-time', at, 'expected a UTC time such as 2026-11-24T10:30:00Z');
}

function readStates(
  value: unknown,
  at: DraftPath,
  context: LabelContext,
  faults: DraftFaults,
): readonly StateId[] | undefined {
  const texts = readTexts(value, at, faults);
  const states = texts?.map(
    (text, index) =>
      stateNamed(text, context) ??
      faults.add('record.unknown-state', [...at, index], 'expected the code or id of a known state'),
  );
  const known = states?.filter((state) => state !== undefined);
  // In one order, so that the same states are the same label. A list of which nothing is known has its faults already.
  return known?.length === 0 && states?.length !== 0 ? undefined : known?.sort();
}

function readCategories(value: unknown, at: DraftPath, faults: DraftFaults): Label['categories'] {
  if (!Array.isArray(value)) return faults.add('record.bad-value', at, 'expected a list of {set, values}');
  const categories = value.map((each: unknown, index) => {
    const entry = faults.readMap(each, [...at, index], CATEGORY_KEYS);
    if (entry === undefined) return undefined;
    const set = readText(entry.set, [...at, index, 'set'], faults);
    const values = readTexts(entry.values, [...at, index, 'values'], faults);
    return set === undefined || values === undefined ? undefined : { set, values };
  });
  const read = categories.filter((entry) => entry !== undefined);
  return read.length === 0 && categories.length > 0 ? undefined : read;
}

/** A path in the names of `Label` as one in the names that a person writes. */
function draftPath({ path }: DocumentFault): DraftPath {
  return path.map((step) => {
    if (step === 'atSeconds') return 'at';
    return Object.keys(TIMES).find((key) => TIMES[key] === step) ?? step;
  });
}
