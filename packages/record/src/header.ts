import type { CborValue } from '@comity/cbor';
import type { Label, StateId } from '@comity/label';
import type { RecordId } from './record-id.ts';

/** What is in the clear in every view of a record. */
export interface RecordHeader {
  readonly id: RecordId;
  readonly issuer: StateId;
  /** Record type, also one that is not known here. */
  readonly type: string;
  /** Type and subject id, for instance `incident/57c4445b-c548-4654-af0b-4be3950d210f`. */
  readonly subject: string;
  readonly subjectId: string;
  readonly issuedAtSeconds: number;
  /** The claim `cti`, 16 bytes. */
  readonly nonce: Uint8Array;
  /** Thumbprint of the key that signed, 32 bytes. */
  readonly kid: Uint8Array;
  /** The envelope label: it governs that the record exists and what is in the clear. */
  readonly label: Label;
  readonly exercise?: string;
  readonly supersedes: readonly RecordId[];
  readonly retracts?: RecordId;
  readonly expiresAtSeconds?: number;
  /** Claims of a later version of the format, by integer key. */
  readonly unknown: ReadonlyMap<number, CborValue>;
}
