import { isPap, isTlp, type Pap, papRank, type Tlp, tlpRank } from '@comity/label';
import type { ImportableAttribute } from './attribute.ts';
import { GivenLabels } from './given-labels.ts';
import type { LossReport } from './loss.ts';
import type { Tags } from './tags.ts';
import { isJsonObject, type JsonObject } from './text.ts';

/** Labels of a draft, as a person would write them. */
export interface Labelling {
  /** The label of the record as a whole. */
  readonly label: unknown;
  readonly envelope?: unknown;
  /** Path to override. */
  readonly labels?: Readonly<Record<string, unknown>>;
}

/** Members of a label on which imported parts may differ from the rest. */
interface Marks {
  readonly tlp?: Tlp;
  readonly pap?: Pap;
  readonly releasableTo?: null;
  readonly displayOnlyTo?: null;
}

/**
 * Labels for a draft of an event.
 *
 * TLP and PAP of the event's tags fill in what the given label does not state. An attribute with tags of its own, or that is
 * distributed more narrowly, gets an override; one that would lower what was given does not. The label of the record as a
 * whole has to dominate them all, so where one is stricter than the rest, the rest is put back to what it was.
 *
 * @param fields fields of the draft, which inherit from the label of the whole
 */
export function labelDraft(
  given: Labelling,
  event: Tags,
  attributes: readonly ImportableAttribute[],
  fields: readonly string[],
): Labelling {
  // What is not even a map is left to the parser of drafts, which says where the fault is.
  if (!isJsonObject(given.label)) return given;
  const stated = given.label;
  const base = baseOf(stated, event);
  const givenLabels = new GivenLabels(given.labels);
  const overrides = attributes.map((attribute, index) => {
    return marksOf(attribute, givenLabels.over(base, attribute.indicator, index), base, stated);
  });
  const raised = raisedBy(overrides, base);
  const back = Object.fromEntries(Object.keys(raised).map((key) => [key, base[key] ?? null]));
  const labels = new Map<string, JsonObject>();
  if (Object.keys(back).length > 0) for (const field of fields) labels.set(field, back);
  for (const [index, marks] of overrides.entries()) {
    // Positions beat every other path, so that nothing given for a kind of indicator lowers the mark of a single one.
    if (Object.keys(marks).length > 0) labels.set(`indicators[${index}]`, marks as JsonObject);
  }
  return {
    label: { ...base, ...raised },
    ...envelopeOf(given.envelope, back),
    ...labelsOf(given.labels, labels),
  };
}

/** What an event and its attributes say about themselves. */
interface Tagged {
  readonly tags: Tags;
  readonly attributes: readonly ImportableAttribute[];
}

/** Says where the label that was given differs from the tags of the event, or is stricter than those of an attribute. */
export function reportOverridden(
  { label }: Labelling,
  { tags, attributes }: Tagged,
  losses: LossReport,
): void {
  if (!isJsonObject(label)) return;
  for (const mark of MARKS) {
    if (!Object.hasOwn(label, mark)) continue;
    const stated = label[mark];
    const overrides = (at: string, tagged: string): void => {
      const applies = typeof stated === 'string' ? stated : 'none';
      losses.add(`${at}.Tag`, 'marking-overridden', `${mark} ${tagged} gives way to ${applies}`);
    };
    const own = tags[mark];
    if (own !== undefined && own !== stated) overrides('Event', own);
    for (const { at, tags } of attributes) {
      const tagged = tags[mark];
      if (tagged !== undefined && rankOf(mark, tagged) < rankOf(mark, stated)) overrides(at, tagged);
    }
  }
}

const MARKS = ['tlp', 'pap'] as const;

/** How strict a mark is; 0 for what is none. */
function rankOf(mark: (typeof MARKS)[number], value: unknown): number {
  if (typeof value !== 'string') return 0;
  if (mark === 'tlp') return isTlp(value) ? tlpRank(value) : 0;
  return isPap(value) ? papRank(value) : 0;
}

function baseOf(label: JsonObject, { tlp, pap }: Tags): JsonObject {
  return { ...(tlp && { tlp }), ...(pap && { pap }), ...label };
}

/** What an attribute says of itself, beside what holds for it anyway. */
function marksOf(
  { tags, narrow }: ImportableAttribute,
  inherited: JsonObject,
  base: JsonObject,
  given: JsonObject,
): Marks {
  // What a person has stated is never lowered by a tag; what only the event says is, by a more specific one.
  const applies = (mark: (typeof MARKS)[number]): boolean => {
    const isStated = Object.hasOwn(given, mark) || inherited[mark] !== base[mark];
    return isStated
      ? rankOf(mark, tags[mark]) > rankOf(mark, inherited[mark])
      : tags[mark] !== inherited[mark];
  };
  return {
    ...(tags.tlp !== undefined && applies('tlp') && { tlp: tags.tlp }),
    ...(tags.pap !== undefined && applies('pap') && { pap: tags.pap }),
    ...(narrow && (inherited.releasableTo ?? null) !== null && { releasableTo: null }),
    ...(narrow && (inherited.displayOnlyTo ?? null) !== null && { displayOnlyTo: null }),
  };
}

/** What the label of the whole needs beyond `base` in order to dominate all overrides. */
function raisedBy(overrides: readonly Marks[], base: JsonObject): Marks {
  const raised: { -readonly [K in keyof Marks]: Marks[K] } = {};
  for (const { tlp, pap, ...lists } of overrides) {
    if (tlp !== undefined && rankOf('tlp', tlp) > rankOf('tlp', raised.tlp ?? base.tlp)) raised.tlp = tlp;
    if (pap !== undefined && rankOf('pap', pap) > rankOf('pap', raised.pap ?? base.pap)) raised.pap = pap;
    for (const list of ['releasableTo', 'displayOnlyTo'] as const) {
      if (lists[list] === null && (base[list] ?? null) !== null) raised[list] = null;
    }
  }
  return raised;
}

function envelopeOf(given: unknown, back: JsonObject): Pick<Labelling, 'envelope'> {
  if (given !== undefined && !isJsonObject(given)) return { envelope: given };
  const envelope = { ...back, ...given };
  return given === undefined && Object.keys(envelope).length === 0 ? {} : { envelope };
}

/** What was given for a path beats what the event says about it, but for single indicators, where the event was stricter. */
function labelsOf(
  given: Labelling['labels'],
  own: ReadonlyMap<string, JsonObject>,
): Pick<Labelling, 'labels'> {
  // The parser of drafts says what is wrong with it.
  if (given !== undefined && !isJsonObject(given)) return { labels: given };
  const merged = new Map<string, unknown>(own);
  for (const [path, override] of Object.entries(given ?? {})) {
    const marks = own.get(path);
    if (marks === undefined || !isJsonObject(override)) merged.set(path, override);
    else
      merged.set(
        path,
        path.startsWith('indicators[') ? { ...override, ...marks } : { ...marks, ...override },
      );
  }
  return merged.size > 0 ? { labels: Object.fromEntries(merged) } : {};
}
