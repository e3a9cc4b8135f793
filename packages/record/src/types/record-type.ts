import type { StateId } from '@comity/label';
import type { DraftFaults } from '../draft-faults.ts';
import type { KnownStates } from '../known-states.ts';
import type { ValueForm } from './form.ts';

/**
 * What can be withheld of a field. `whole`: the field is one part. `fields`: the field is a part and so is each of its
 * fields; `always`: it is issued also when the draft leaves it out, holding nothing but decoys, so that its presence says
 * nothing (formats §2.3, key existence). `elements`: the field is a part and so is each element.
 */
export type FieldRule =
  | { readonly redaction: 'whole'; readonly form: ValueForm; readonly required?: boolean }
  | {
      readonly redaction: 'fields';
      readonly fields: Readonly<Record<string, ValueForm>>;
      readonly required?: boolean;
      readonly always?: boolean;
    }
  | { readonly redaction: 'elements'; readonly element: ValueForm; readonly required?: boolean };

/** By the word in `field`: further fields that are required, and those that do not go with it. */
export interface FieldCases {
  readonly field: string;
  readonly words: Readonly<
    Record<string, { readonly required: readonly string[]; readonly foreign: readonly string[] }>
  >;
}

/** What this version knows about a record type. */
export interface RecordType {
  readonly id: string;
  /** Whether a record of this type withdraws another: it must name it, and no other type may. */
  readonly retracts: boolean;
  /** Whether a record of this type is about another record: its subject id is the id of that one (record-types.md 1.7). */
  readonly aboutRecord?: true;
  /** Whether a record of this type ends by itself: a draft says when (claim 6). */
  readonly expires?: true;
  /** Whether a record of this type belongs to an exercise always (claim 3). */
  readonly inExercise?: true;
  /** Whether a record of this type is for the states alone that its label names, with every part of it (record-types.md §27). */
  readonly confidential?: true;
  readonly fields: Readonly<Record<string, FieldRule>>;
  /** The field whose text names a record of this type in a list. */
  readonly titleField: string;
  /** Fields that a draft needs, and cannot have, by the word that stands in one of them. */
  readonly cases?: FieldCases;
  /** Conditions of a draft that span several fields. `content` is as the person wrote it. */
  check?(content: Readonly<Record<string, unknown>>, context: TypeContext, faults: DraftFaults): void;
}

/** What a type's check may ask for: who issues and when, other states, other records. */
export interface TypeContext extends KnownStates {
  /** UTC seconds at which the draft is read. */
  readonly atSeconds: number;
  /** When the record that is drafted ends by itself. */
  readonly expiresAtSeconds?: number;
  /** Whether the record that is drafted supersedes another. */
  readonly isSuccessor?: boolean;
  /** The state that issues; undefined where the draft is read before that is known. */
  readonly issuer?: StateId;
  /** The kind of a norm, by record id or subject; undefined where the norm is not held. */
  normKindOf?(norm: string): 'voluntary' | 'treaty' | undefined;
}
