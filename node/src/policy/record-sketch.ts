import { fromHex, sha256, toHex } from '@comity/digest';
import { type Anchors, type Sketch, sketchOf } from '@comity/disclosure';
import type { StateId } from '@comity/label';
import { isAboutRecord, type RecordId, type View } from '@comity/record';
import type { RecordSource, RowValue } from '@comity/store';

/** What the store notes of a record with one source, so that a comparison of policies need not open it. */
export interface NotedSketch extends Pick<Sketch, 'anchors' | 'isTimed'> {
  readonly id: RecordId;
  /** Of the text of its sketch. */
  readonly digest: string;
  /** The key that signed it. */
  readonly kid: Uint8Array;
  readonly issuedAtSeconds: number;
  readonly receivedAtSeconds: number;
  /** Who it came from; null: this state has issued it. */
  readonly peer: StateId | null;
}

type AnchorRow = number | boolean;
type SketchRow = [
  version: number,
  id: Uint8Array,
  digest: Uint8Array,
  kid: Uint8Array,
  issuedAtSeconds: number,
  receivedAtSeconds: number,
  peer: StateId | null,
  isTimed: boolean,
  occurred: AnchorRow,
  detected: AnchorRow,
  aware: AnchorRow,
];

const VERSION = 1;
/** Of so many bytes of SHA-256 nobody finds two texts; nobody but this state reads them. */
const DIGEST_BYTES = 16;

/**
 * What to note of a record; undefined where nothing can be told of it without opening it: it came from several, or whom it
 * concerns depends on another record.
 */
export function sketchToNote(view: View, sources: readonly RecordSource[]): RowValue | undefined {
  const { id, type, retracts, kid, issuedAtSeconds } = view.header;
  const [source, ...others] = sources;
  if (source === undefined || others.length > 0 || retracts !== undefined || isAboutRecord(type))
    return undefined;
  const sketch = sketchOf(view);
  if (sketch === undefined) return undefined;
  const { occurred, detected, aware } = sketch.anchors;
  const row: SketchRow = [
    VERSION,
    fromHex(id),
    sha256(new TextEncoder().encode(sketch.text)).subarray(0, DIGEST_BYTES),
    kid,
    issuedAtSeconds,
    source.receivedAtSeconds,
    source.peer,
    sketch.isTimed,
    anchorRow(occurred),
    anchorRow(detected),
    anchorRow(aware),
  ];
  return row;
}

/** What was noted; undefined where another version noted it. */
export function notedSketch(row: RowValue): NotedSketch | undefined {
  if (!Array.isArray(row) || row[0] !== VERSION) return undefined;
  const [, id, digest, kid, issuedAtSeconds, receivedAtSeconds, peer, isTimed, occurred, detected, aware] =
    row as unknown as SketchRow;
  return {
    id: toHex(id) as RecordId,
    digest: toHex(digest),
    kid,
    issuedAtSeconds: Number(issuedAtSeconds),
    receivedAtSeconds: Number(receivedAtSeconds),
    peer,
    isTimed,
    anchors: {
      issued: { status: 'known', value: Number(issuedAtSeconds) },
      occurred: anchorIn(occurred),
      detected: anchorIn(detected),
      aware: anchorIn(aware),
    },
  };
}

type AnchorFact = Anchors[keyof Anchors];

/** False: not stated; true: stated and not known. */
function anchorRow(fact: AnchorFact): AnchorRow {
  return fact.status === 'known' ? fact.value : fact.status === 'unknown';
}

function anchorIn(row: AnchorRow): AnchorFact {
  if (typeof row === 'boolean') return { status: row ? 'unknown' : 'absent' };
  return { status: 'known', value: Number(row) };
}
