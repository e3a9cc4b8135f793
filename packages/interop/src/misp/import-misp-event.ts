import { Fault } from '@comity/fault';
import type { ImportableAttribute, Indicator } from './attribute.ts';
import { chunksOf, digestsFor, mostLabelBytes, type Occupied, overheadOf, sizeOfTexts } from './chunks.ts';
import { type ImportableEvent, readEvent, type Source } from './event.ts';
import { type Labelling, labelDraft } from './labelling.ts';
import { type Loss, LossReport } from './loss.ts';
import type { Classification } from './mapping.ts';
import type { Marking } from './marking.ts';
import { withStricterTags } from './stricter-tags.ts';
import type { Technique } from './tags.ts';

/** What an import needs to be told. */
export interface MispImportOptions {
  /**
   * Labels as in a draft. TLP and PAP that `label` does not state are taken from the tags of the event; what is less strict
   * than the tags, of the event or of an attribute, is raised to them.
   */
  readonly labelling: Labelling;
  /** Markings that are not raised: the labels apply though tags are stricter. Each such case is in the loss report. */
  readonly overrule?: readonly Marking[];
  /** Exercise that the event belongs to. */
  readonly exercise?: string;
  /** Language of the title; MISP does not say. Default: `und`, undetermined. */
  readonly language?: string;
}

/** A draft of type `incident` as a person would write it, for `parseDraft`. */
export interface PlainDraft extends Labelling {
  readonly type: 'incident';
  /** UUID of the event; of the drafts after the first with `.2`, `.3` and so on behind it. */
  readonly subject: string;
  readonly exercise?: string;
  readonly content: {
    readonly title: Readonly<Record<string, string>>;
    readonly stage: string;
    readonly classification: Classification;
    readonly sectors?: readonly string[];
    readonly indicators?: readonly Indicator[];
    readonly techniques?: readonly Technique[];
    readonly sources?: readonly Source[];
    readonly tags?: readonly string[];
  };
}

/** An imported event. */
export interface MispImport {
  readonly uuid: string;
  readonly title: string;
  /** One, or several where one record cannot hold all attributes; then each is tagged `comity:continuation="2/3"`. */
  readonly drafts: readonly PlainDraft[];
  /** Everything that is not, or not as such, in the drafts. */
  readonly losses: readonly Loss[];
  /** Attributes in the drafts. */
  readonly attributes: number;
}

const UNDETERMINED: Classification = { rsitClass: 'other', rsitType: 'undetermined' };

/** Techniques of one event that are named in fields; the tags of all are kept anyway. */
const MAX_TECHNIQUES = 32;

/** Top-level fields of a record beside the imported ones: `overall`, and `victim`, which every incident has. */
const FIXED_FIELDS = 2;

/** Bytes set aside for heads and claims of every record. */
const RESERVED_BYTES = 4_096;

/** The tag that says which of several drafts this is. */
const CONTINUATION_BYTES = 64;

/**
 * Drafts of incident records from one MISP event: each attribute an indicator and a part of its own, with its uuid; the
 * uuid of the event as subject; the creating organisation as source. Nothing is dropped silently.
 *
 * The JSON is hostile: every field is checked and bounded. The size of its text is for the caller to limit, to 16 MiB.
 *
 * @throws Fault `interop.not-a-misp-event`, `interop.too-many-attributes`, `interop.exercise-event`
 */
export function importMispEvent(json: unknown, options: MispImportOptions): MispImport {
  const losses = new LossReport();
  const event = readEvent(json, losses);
  requireNoMixing(event, options.exercise);
  const content = contentOf(event, options.language, losses);
  const { overrule = [], exercise } = options;
  const labelling = withStricterTags(options.labelling, event.tags, overrule, losses);
  const chunks = chunksOf(event.attributes, occupiedBy(content, labelling), labelling);
  const drafts = chunks.map((attributes, index) =>
    draftOf(
      event,
      { attributes, index, of: chunks.length, content },
      { labelling, overrule, exercise },
      losses,
    ),
  );
  const { uuid, title } = event;
  return { uuid, title, drafts, losses: losses.list(), attributes: event.attributes.length };
}

/** ARCHITECTURE §1 rule 9: what is marked as an exercise never becomes a real record. */
function requireNoMixing({ tags, attributes }: ImportableEvent, exercise: string | undefined): void {
  const marked = [tags, ...attributes.map((attribute) => attribute.tags)].some(
    ({ exercises }) => exercises.length > 0,
  );
  if (exercise !== undefined || !marked) return;
  throw new Fault(
    'interop.exercise-event',
    'the event is tagged as part of an exercise, and no exercise was named',
  );
}

type SharedContent = Omit<PlainDraft['content'], 'indicators'> & { readonly tags: readonly string[] };

function contentOf(event: ImportableEvent, language: string | undefined, losses: LossReport): SharedContent {
  const { tags, notes, source } = event;
  const techniques = [tags, ...event.attributes.map((attribute) => attribute.tags)].flatMap(
    (each) => each.techniques,
  );
  const named = new Map(techniques.map((technique) => [`${technique.scheme} ${technique.id}`, technique]));
  const sectors = [
    ...new Set(
      [tags, ...event.attributes.map((attribute) => attribute.tags)].flatMap((each) => each.sectors),
    ),
  ];
  if (named.size > MAX_TECHNIQUES)
    losses.add('Event', 'too-many', `${named.size - MAX_TECHNIQUES} techniques are kept as tags only`);
  return {
    title: { [language ?? 'und']: event.title },
    stage: event.stage,
    classification: classificationOf(event, losses),
    ...(sectors.length > 0 && { sectors }),
    ...(named.size > 0 && { techniques: [...named.values()].slice(0, MAX_TECHNIQUES) }),
    ...(source !== undefined && { sources: [source] }),
    tags: [...new Set([...tags.texts, ...notes])],
  };
}

/** One class where the tags agree on it, and its type where they agree on that too. */
function classificationOf({ tags }: ImportableEvent, losses: LossReport): Classification {
  const [first, ...others] = tags.classifications;
  if (first === undefined) return UNDETERMINED;
  if (others.some(({ rsitClass }) => rsitClass !== first.rsitClass)) {
    losses.add(
      'Event.Tag',
      'conflicting-classification',
      [first, ...others].map(({ rsitClass }) => rsitClass).join(', '),
    );
    return UNDETERMINED;
  }
  const types = new Set(
    [first, ...others].map(({ rsitType }) => rsitType).filter((type) => type !== undefined),
  );
  const [type] = types;
  return types.size === 1 && type !== undefined
    ? { rsitClass: first.rsitClass, rsitType: type }
    : { rsitClass: first.rsitClass };
}

function occupiedBy(content: SharedContent, labelling: Labelling): Occupied {
  const fields = Object.keys(content).length + 1 + FIXED_FIELDS;
  // `victim` is always there, in an import without fields.
  const lists = [0, content.tags.length + 1];
  for (const list of [content.sources, content.techniques]) if (list !== undefined) lists.push(list.length);
  const digests = lists.reduce((sum, parts) => sum + digestsFor(parts), digestsFor(fields));
  const texts = sizeOfTexts(content) + CONTINUATION_BYTES;
  // Every field and every tag may have a label of its own.
  const labels = mostLabelBytes(labelling) * digests;
  return { digests, bytes: RESERVED_BYTES + texts + overheadOf(digests) + labels };
}

/** Which of the drafts of an event, and what it holds. */
interface Chunk {
  readonly attributes: readonly ImportableAttribute[];
  readonly index: number;
  readonly of: number;
  /** What all of them hold. */
  readonly content: SharedContent;
}

/** What is stated of all drafts of an event. */
interface Statement {
  readonly labelling: Labelling;
  readonly overrule: readonly Marking[];
  readonly exercise: string | undefined;
}

function draftOf(
  event: ImportableEvent,
  { attributes, index, of, content: shared }: Chunk,
  { labelling, overrule, exercise }: Statement,
  losses: LossReport,
): PlainDraft {
  const continuation = of > 1 ? [`comity:continuation="${index + 1}/${of}"`] : [];
  const tags = [...new Set([...continuation, ...shared.tags])];
  const { tags: _, ...others } = shared;
  const content = {
    ...others,
    ...(attributes.length > 0 && { indicators: attributes.map(({ indicator }) => indicator) }),
    ...(tags.length > 0 && { tags }),
  };
  return {
    type: 'incident',
    subject: index === 0 ? event.uuid : `${event.uuid}.${index + 1}`,
    ...(exercise !== undefined && { exercise }),
    ...labelDraft(
      {
        given: labelling,
        event: event.tags,
        attributes,
        fields: [...Object.keys(content), 'victim'],
        overrule,
      },
      losses,
    ),
    content,
  };
}
