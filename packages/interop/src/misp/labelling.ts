import type { Pap, Tlp } from '@comity/label';
import type { ImportableAttribute } from './attribute.ts';
import { GivenLabels } from './given-labels.ts';
import type { LossReport } from './loss.ts';
import { loosensBelow, MARKINGS, type Marking, markingRank } from './marking.ts';
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
  readonly succession?: null;
}

/** Members of a label that are dropped where an attribute may not have them. */
const DROPPED = ['releasableTo', 'displayOnlyTo', 'succession'] as const;

/** What the labels of a draft are made from. */
export interface LabelSources {
  /** As `withStricterTags` leaves them. */
  readonly given: Labelling;
  readonly event: Tags;
  readonly attributes: readonly ImportableAttribute[];
  /** Fields of the draft, which inherit from the label of the whole. */
  readonly fields: readonly string[];
  /** Markings of which the importer has said that the tags give way. */
  readonly overrule: readonly Marking[];
}

/**
 * Labels for a draft of an event.
 *
 * TLP and PAP of the event's tags fill in what the given label does not state. An attribute with tags of its own, or that is
 * distributed more narrowly, gets an override; one that would lower what was given does not. The label of the record as a
 * whole has to dominate them all, so where one is stricter than the rest, the rest is put back to what it was.
 */
export function labelDraft(sources: LabelSources, losses: LossReport): Labelling {
  const { given, event, attributes, fields } = sources;
  // What is not even a map is left to the parser of drafts, which says where the fault is.
  if (!isJsonObject(given.label)) return given;
  const base = baseOf(given.label, event);
  const givenLabels = new GivenLabels(given.labels);
  const marker = new AttributeMarker(base, given.label, sources.overrule, losses);
  const overrides = attributes.map((attribute, index) =>
    marker.marksOf(attribute, givenLabels.over({}, attribute.indicator, index)),
  );
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

function baseOf(label: JsonObject, { tlp, pap }: Tags): JsonObject {
  return { ...(tlp && { tlp }), ...(pap && { pap }), ...label };
}

/** Finds what single attributes need beside the labels that hold for them anyway. */
class AttributeMarker {
  readonly #base: JsonObject;
  readonly #stated: JsonObject;
  readonly #overrule: readonly Marking[];
  readonly #losses: LossReport;

  constructor(base: JsonObject, stated: JsonObject, overrule: readonly Marking[], losses: LossReport) {
    this.#base = base;
    this.#stated = stated;
    this.#overrule = overrule;
    this.#losses = losses;
  }

  /**
   * What an attribute says of itself, where that is not what it inherits.
   *
   * @param given what was given for this indicator or its kind
   */
  marksOf(attribute: ImportableAttribute, given: JsonObject): Marks {
    const { tags, narrow } = attribute;
    const inherited = { ...this.#base, ...given };
    const needs = (marking: Marking): boolean => this.#needsTag(marking, attribute, inherited, given);
    const isNamed = (list: 'releasableTo' | 'displayOnlyTo'): boolean => (inherited[list] ?? null) !== null;
    return {
      ...(tags.tlp !== undefined && needs('tlp') && { tlp: tags.tlp }),
      ...(tags.pap !== undefined && needs('pap') && { pap: tags.pap }),
      ...(narrow && isNamed('releasableTo') && { releasableTo: null }),
      ...(narrow && isNamed('displayOnlyTo') && { displayOnlyTo: null }),
      // A date that somebody gave for the whole does not lower what the originator said of this attribute.
      ...(MARKINGS.some((marking) => this.#wouldLoosen(marking, tags, inherited)) && { succession: null }),
    };
  }

  /** What a person has stated is never lowered by a tag; what only the event says is, by a more specific one. */
  #needsTag(
    marking: Marking,
    { at, tags }: ImportableAttribute,
    inherited: JsonObject,
    given: JsonObject,
  ): boolean {
    const [tagged, current] = [tags[marking], inherited[marking]];
    const isStated = Object.hasOwn(this.#stated, marking) || Object.hasOwn(given, marking);
    if (!isStated) return tagged !== current;
    const [own, other] = [markingRank(marking, tagged), markingRank(marking, current)];
    const shown = typeof current === 'string' ? current : 'none';
    if (own < other)
      this.#losses.add(`${at}.Tag`, 'marking-overridden', `${marking} ${tagged} gives way to ${shown}`);
    if (own <= other) return false;
    if (!this.#overrule.includes(marking)) return true;
    const detail = `${marking} ${tagged} is overruled by the looser ${shown}`;
    this.#losses.add(`${at}.Tag`, 'marking-overruled', detail);
    return false;
  }

  #wouldLoosen(marking: Marking, tags: Tags, inherited: JsonObject): boolean {
    const tagged = tags[marking];
    return (
      tagged !== undefined && !this.#overrule.includes(marking) && loosensBelow(marking, inherited, tagged)
    );
  }
}

/** What the label of the whole needs beyond `base` in order to dominate all overrides. */
function raisedBy(overrides: readonly Marks[], base: JsonObject): Marks {
  const raised: { -readonly [K in keyof Marks]: Marks[K] } = {};
  const isAbove = (marking: Marking, value: string): boolean =>
    markingRank(marking, value) > markingRank(marking, raised[marking] ?? base[marking]);
  for (const { tlp, pap, ...dropped } of overrides) {
    if (tlp !== undefined && isAbove('tlp', tlp)) raised.tlp = tlp;
    if (pap !== undefined && isAbove('pap', pap)) raised.pap = pap;
    for (const member of DROPPED) {
      if (dropped[member] === null && (base[member] ?? null) !== null) raised[member] = null;
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
