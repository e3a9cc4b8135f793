import type { CborValue } from '@comity/cbor';
import type { Label } from '@comity/label';
import type { Content } from './content.ts';
import type { DisclosedBody } from './disclosed-body.ts';
import type { PartDisclosure } from './disclosure.ts';
import type { FieldPath } from './field-path.ts';

/** A unit that could have been withheld and that this view discloses: a field, a map of fields or an element of a list. */
export interface Part {
  readonly path: FieldPath;
  /** The path as text, for instance `victim.name` or `indicators[3]`; no two parts of a record share one. */
  readonly pathText: string;
  /** The digest that stands for the part in the signed bytes, in lower-case hexadecimal. */
  readonly digest: string;
  /** The part's own label or the one it inherits. Equal labels are mostly the same frozen object. */
  readonly label: Label;
  /** Digests of the parts that this one stands in, outermost first. */
  readonly ancestors: readonly string[];
  /** The content, with `REDACTED` where it was not disclosed. Put together when first asked for. */
  readonly value: Content;
}

/** A part of an opened view. */
export class OpenedPart implements Part {
  readonly path: FieldPath;
  readonly pathText: string;
  readonly digest: string;
  readonly label: Label;
  readonly ancestors: readonly string[];
  /** The name of the field; undefined for an element of a list. */
  readonly name: string | undefined;
  /** The content as it was disclosed, with digests in it. */
  readonly content: CborValue;
  private readonly body: DisclosedBody;
  private resolved: Content | undefined;

  constructor(
    place: { readonly path: FieldPath; readonly pathText: string },
    disclosure: PartDisclosure,
    standing: { readonly label: Label; readonly ancestors: readonly string[] },
    body: DisclosedBody,
  ) {
    this.path = place.path;
    this.pathText = place.pathText;
    this.digest = disclosure.digest;
    this.label = standing.label;
    this.ancestors = standing.ancestors;
    this.name = disclosure.name;
    this.content = disclosure.content;
    this.body = body;
  }

  get value(): Content {
    this.resolved ??= this.body.resolve(this.content);
    return this.resolved;
  }
}
