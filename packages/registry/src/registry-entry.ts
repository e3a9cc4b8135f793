import { compareBytes, concatBytes, fromHex, sha256, sha256Hex } from '@comity/digest';
import { factOf, type RecordId, recordAbout, type View } from '@comity/record';

/** What a registry keeps of one record: no content, only where it is found and a digest of what is held of it. */
export interface RegistryEntry {
  readonly id: RecordId;
  /** Keys of the subjects that the record says something of (registry.md §2), each once. */
  readonly subjects: readonly string[];
  /** Of the parts that are held: 32 bytes (registry.md 3.1). */
  readonly shown: Uint8Array;
}

/** The text of a subject: its kind, and what it names; `?` where that is not shown. */
export type SubjectText = `${'subject' | 'record' | 'norm' | 'state'} ${string}`;

const UNKNOWN = '?';

/** What of a record goes into a registry. A function of the merged view of it alone. */
export function registryEntry(view: View): RegistryEntry {
  return {
    id: view.header.id,
    subjects: [...new Set(subjectTexts(view))].map(subjectKey),
    shown: shownOf(view),
  };
}

/** The key of a subject: SHA-256 of its text, in hexadecimal. */
export function subjectKey(text: SubjectText): string {
  return sha256Hex(new TextEncoder().encode(text));
}

/**
 * Registry.md §2. By what is shown alone: who has issued a record knows of a field that it is not there, others do not know that
 * it is none of the decoys, and both find the record at the same subjects.
 */
function* subjectTexts(view: View): Iterable<SubjectText> {
  const { issuer, type, subject, supersedes, retracts } = view.header;
  yield `subject ${issuer} ${subject}`;
  const about = recordAbout(view.header);
  if (about !== undefined) yield `record ${about}`;
  for (const id of supersedes) yield `record ${id}`;
  if (retracts !== undefined) yield `record ${retracts}`;
  if (type === 'norm') yield `norm ${subject}`;
  // Whoever asks about a norm is told of commitments that may be about it.
  if (type === 'commitment') yield `norm ${shown(view, 'norm') ?? UNKNOWN}`;
  for (const { kind, type: of, field } of REFERENCES) {
    const named = type === of ? shown(view, field) : undefined;
    if (named !== undefined) yield `${kind} ${named}`;
  }
}

const REFERENCES = [
  { kind: 'state', type: 'implementation', field: 'of' },
  { kind: 'norm', type: 'implementation', field: 'norm' },
  { kind: 'record', type: 'clarification', field: 'inReplyTo' },
  { kind: 'record', type: 'release-grant', field: 'record' },
] as const;

function shown(view: View, field: string): string | undefined {
  const fact = factOf(view, field, (value) => value as string);
  return fact.status === 'known' ? fact.value : undefined;
}

/** Decoys are no parts: who has issued a record and who has received all of it hold the same. */
function shownOf({ parts }: View): Uint8Array {
  return sha256(concatBytes(...parts.map(({ digest }) => fromHex(digest)).sort(compareBytes)));
}
