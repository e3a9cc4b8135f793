import { type CborKey, type CborValue, Tagged } from '@comity/cbor';
import { type Content, resolveContent } from './content.ts';
import type { DigestGroups } from './digest-group.ts';
import type { Disclosure } from './disclosure.ts';
import type { FieldPath } from './field-path.ts';
import type { OpenedPart, Part } from './part.ts';
import { OVERALL } from './reserved-fields.ts';

/**
 * What a view says about a place of the body. `unknown` is not `absent`: as long as a digest is undisclosed where the
 * field would stand, it may be there.
 */
export type Found =
  | { readonly status: 'known'; readonly value: Content; readonly part?: Part }
  | { readonly status: 'unknown' }
  | { readonly status: 'absent' };

const UNKNOWN: Found = Object.freeze({ status: 'unknown' });
const ABSENT: Found = Object.freeze({ status: 'absent' });

/** A place reached in the body, with the innermost part it stands in. */
interface Place {
  readonly content: CborValue;
  readonly part: OpenedPart | undefined;
}

/** The body of a record together with everything that one reader has disclosed of it. */
export class DisclosedBody {
  private readonly claims: ReadonlyMap<CborKey, CborValue>;
  private readonly disclosed: ReadonlyMap<string, Disclosure>;
  private readonly parts: ReadonlyMap<string, OpenedPart>;
  private readonly groups: () => DigestGroups;

  constructor(
    claims: ReadonlyMap<CborKey, CborValue>,
    disclosed: ReadonlyMap<string, Disclosure>,
    parts: ReadonlyMap<string, OpenedPart>,
    groups: () => DigestGroups,
  ) {
    this.claims = claims;
    this.disclosed = disclosed;
    this.parts = parts;
    this.groups = groups;
  }

  /** Puts what was disclosed into content. */
  resolve(content: CborValue): Content {
    return resolveContent(content, this.groups(), (digest) => this.opened(digest));
  }

  /** The fields of the body; the claims of the envelope and the overall label are left out. */
  resolveFields(): ReadonlyMap<CborKey, Content> {
    const fields = new Map(this.resolve(this.claims) as ReadonlyMap<CborKey, Content>);
    for (const key of fields.keys()) if (typeof key === 'number' || key === OVERALL) fields.delete(key);
    return fields;
  }

  find(path: FieldPath): Found {
    let place: Place = { content: this.claims, part: undefined };
    for (const step of path) {
      const next = this.step(place, step);
      if (next === 'unknown') return UNKNOWN;
      if (next === 'absent') return ABSENT;
      place = next;
    }
    const { content, part } = place;
    if (part === undefined) return { status: 'known', value: this.resolve(content) };
    return { status: 'known', value: content === part.content ? part.value : this.resolve(content), part };
  }

  private step(place: Place, step: string | number): Place | 'unknown' | 'absent' {
    const { content, part } = place;
    if (Array.isArray(content))
      return typeof step === 'number' ? this.element(content, step, part) : 'absent';
    if (content instanceof Map) return typeof step === 'string' ? this.entry(content, step, part) : 'absent';
    return 'absent';
  }

  private entry(
    map: ReadonlyMap<CborKey, CborValue>,
    name: string,
    part: OpenedPart | undefined,
  ): Place | 'unknown' | 'absent' {
    const inClear = map.get(name);
    if (inClear !== undefined) return { content: inClear, part };
    let hides = false;
    for (const digest of this.groups().get(map)?.digests ?? []) {
      const opened = this.opened(digest);
      if (opened === undefined) hides = true;
      else if (opened !== 'decoy' && opened.name === name) return { content: opened.content, part: opened };
    }
    return hides ? 'unknown' : 'absent';
  }

  private element(
    list: readonly CborValue[],
    index: number,
    part: OpenedPart | undefined,
  ): Place | 'unknown' | 'absent' {
    const element = list[index];
    if (element === undefined) return 'absent';
    if (!(element instanceof Tagged)) return { content: element, part };
    const group = this.groups().get(list);
    const opened = this.opened(group?.digests[group.positions?.indexOf(index) ?? -1] ?? '');
    if (opened === undefined) return 'unknown';
    return opened === 'decoy' ? 'absent' : { content: opened.content, part: opened };
  }

  private opened(digest: string): OpenedPart | 'decoy' | undefined {
    return this.parts.get(digest) ?? (this.disclosed.has(digest) ? 'decoy' : undefined);
  }
}
