import type { CborKey } from '@comity/cbor';
import type { Label } from '@comity/label';
import type { AuthorisedRecord } from './authorise-record.ts';
import type { Content } from './content.ts';
import type { DisclosedBody, Found } from './disclosed-body.ts';
import type { Disclosure } from './disclosure.ts';
import type { FieldPath } from './field-path.ts';
import type { RecordHeader } from './header.ts';
import type { OpenedPart, Part } from './part.ts';

/**
 * A record with the disclosures that one reader holds, each checked against the signed bytes. Two views of a record have
 * the same id and the same `bytes`; they differ in what they disclose.
 */
export interface View {
  readonly record: AuthorisedRecord;
  readonly header: RecordHeader;
  /** The signed bytes without disclosures. */
  readonly bytes: Uint8Array;
  /** Disclosures by digest (lower-case hexadecimal), in ascending order of digests; those of decoys included. */
  readonly disclosures: ReadonlyMap<string, Uint8Array>;
  /** The same disclosures as they were read. */
  readonly disclosed: ReadonlyMap<string, Disclosure>;
  /** The parts disclosed, each after those it stands in. Decoys are no parts. */
  readonly parts: readonly Part[];
  /** Label of the record as a whole; undefined where it is withheld. */
  readonly overall: Label | undefined;
  /** Decoys that are known as such: in the originator's own view, and in no other. */
  readonly decoyCount: number;
  /**
   * Digests in sight without a disclosure. At most so many parts are withheld at the levels that are in sight: decoys
   * are among them, and what stands inside a withheld part is out of sight.
   */
  readonly withheldCount: number;
  /** The body by field name, with `REDACTED` for what is not disclosed. Put together when first asked for. */
  readonly content: ReadonlyMap<CborKey, Content>;
  /** The part that a digest stands for, where it is disclosed. */
  partOf(digest: string): Part | undefined;
  /** What this view says about a field, a map of fields or an element. */
  field(path: FieldPath): Found;
}

/** What `openView` found out about a record and a set of disclosures. */
export interface Opening {
  readonly record: AuthorisedRecord;
  /** In ascending order of digests. */
  readonly disclosed: ReadonlyMap<string, Disclosure>;
  readonly parts: ReadonlyMap<string, OpenedPart>;
  readonly body: DisclosedBody;
  readonly overall: Label | undefined;
  /** Digests in sight, disclosed or not. */
  readonly digestCount: number;
}

/** The one implementation of `View`. Made by `openDisclosed` alone. */
export class OpenedView implements View {
  readonly record: AuthorisedRecord;
  readonly parts: readonly Part[];
  readonly overall: Label | undefined;
  readonly decoyCount: number;
  readonly withheldCount: number;
  readonly disclosed: ReadonlyMap<string, Disclosure>;
  private readonly byDigest: ReadonlyMap<string, OpenedPart>;
  private readonly body: DisclosedBody;
  private bytesByDigest: ReadonlyMap<string, Uint8Array> | undefined;
  private fields: ReadonlyMap<CborKey, Content> | undefined;

  constructor({ record, disclosed, parts, body, overall, digestCount }: Opening) {
    this.record = record;
    this.parts = [...parts.values()];
    this.overall = overall;
    this.decoyCount = disclosed.size - parts.size;
    this.withheldCount = digestCount - disclosed.size;
    this.disclosed = disclosed;
    this.byDigest = parts;
    this.body = body;
  }

  get header(): RecordHeader {
    return this.record.header;
  }

  get bytes(): Uint8Array {
    return this.record.bytes;
  }

  get disclosures(): ReadonlyMap<string, Uint8Array> {
    this.bytesByDigest ??= new Map([...this.disclosed].map(([digest, { bytes }]) => [digest, bytes]));
    return this.bytesByDigest;
  }

  get content(): ReadonlyMap<CborKey, Content> {
    this.fields ??= this.body.resolveFields();
    return this.fields;
  }

  partOf(digest: string): Part | undefined {
    return this.byDigest.get(digest);
  }

  field(path: FieldPath): Found {
    return path.length === 0 ? { status: 'known', value: this.content } : this.body.find(path);
  }
}
