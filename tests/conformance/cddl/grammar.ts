/** A type of the subset of CDDL (RFC 8610) in which the grammars of protocol/ are written. */
export type CddlType =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: number | string }
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'choice'; readonly of: readonly CddlType[] }
  | { readonly kind: 'size'; readonly of: CddlType; readonly from: number; readonly to: number }
  | { readonly kind: 'cbor'; readonly of: CddlType; readonly inner: CddlType }
  | { readonly kind: 'tag'; readonly tag: number; readonly of: CddlType }
  | { readonly kind: 'simple'; readonly number: number }
  | { readonly kind: 'array'; readonly elements: readonly CddlElement[] }
  | { readonly kind: 'map'; readonly members: readonly CddlMember[] };

/** How often something may stand in an array or a map. */
export interface Occurrence {
  readonly least: number;
  readonly most: number;
}

export interface CddlElement extends Occurrence {
  readonly type: CddlType;
}

export interface CddlMember extends Occurrence {
  readonly key: CddlType;
  readonly type: CddlType;
}

const TOKEN =
  /\s+|;[^\n]*|"[^"]*"|=>|\.\.|\.(?:size|cbor)\b|#[67]\.\d+|\d+\*\d+|-?\d+|[a-z][a-z0-9-]*|[[\]{}()=/,?*]/gy;

/** The rules of a grammar by name. @throws Error with the place of what is not of the subset */
export function parseGrammar(text: string): ReadonlyMap<string, CddlType> {
  const parser = new Parser(tokensOf(text));
  const rules = new Map<string, CddlType>();
  while (!parser.atEnd) {
    const name = parser.take();
    if (!/^[a-z]/.test(name) || rules.has(name))
      throw new Error(`expected a new name of a rule, got ${name}`);
    parser.expect('=');
    rules.set(name, parser.type());
  }
  return rules;
}

/** Names of other rules, or of the prelude, that a type refers to. */
export function namesIn(type: CddlType): readonly string[] {
  switch (type.kind) {
    case 'name':
      return [type.name];
    case 'choice':
      return type.of.flatMap(namesIn);
    case 'size':
    case 'tag':
      return namesIn(type.of);
    case 'cbor':
      return [...namesIn(type.of), ...namesIn(type.inner)];
    case 'array':
      return type.elements.flatMap((element) => namesIn(element.type));
    case 'map':
      return type.members.flatMap(({ key, type: value }) => [...namesIn(key), ...namesIn(value)]);
    default:
      return [];
  }
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const [token] = TOKEN.exec(text) ?? [];
    if (token === undefined) throw new Error(`nothing of the subset: ${text.slice(at, at + 30)}`);
    if (!/^[\s;]/.test(token)) tokens.push(token);
  }
  return tokens;
}

class Parser {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  get atEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  take(): string {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new Error('the grammar ends too early');
    this.#at += 1;
    return token;
  }

  expect(token: string): void {
    const got = this.take();
    if (got !== token)
      throw new Error(
        `expected ${token}, got ${got} behind ${this.#tokens.slice(this.#at - 6, this.#at - 1).join(' ')}`,
      );
  }

  type(): CddlType {
    const of = [this.#controlled()];
    while (this.#takeIf('/')) of.push(this.#controlled());
    return of.length === 1 ? (of[0] as CddlType) : { kind: 'choice', of };
  }

  /** RFC 8610 §3.8: a type with `.size` or `.cbor` behind it. */
  #controlled(): CddlType {
    const of = this.#simple();
    if (this.#takeIf('.size')) return { kind: 'size', of, ...this.#sizes() };
    if (this.#takeIf('.cbor')) return { kind: 'cbor', of, inner: this.#simple() };
    return of;
  }

  #sizes(): { from: number; to: number } {
    if (!this.#takeIf('(')) {
      const exact = this.#integer();
      return { from: exact, to: exact };
    }
    const from = this.#integer();
    this.expect('..');
    const to = this.#integer();
    this.expect(')');
    return { from, to };
  }

  #simple(): CddlType {
    const token = this.take();
    if (token === '(') return this.#closing(this.type(), ')');
    if (token === '[')
      return {
        kind: 'array',
        elements: this.#group(']', (least, most) => ({ least, most, type: this.type() })),
      };
    if (token === '{') {
      return {
        kind: 'map',
        members: this.#group('}', (least, most) => {
          const key = this.type();
          this.expect('=>');
          return { least, most, key, type: this.type() };
        }),
      };
    }
    if (token.startsWith('#6.')) {
      this.expect('(');
      return { kind: 'tag', tag: Number(token.slice(3)), of: this.#closing(this.type(), ')') };
    }
    if (token.startsWith('#7.')) return { kind: 'simple', number: Number(token.slice(3)) };
    if (token.startsWith('"')) return { kind: 'literal', value: token.slice(1, -1) };
    if (/^-?\d+$/.test(token)) {
      const value = Number(token);
      return this.#takeIf('..')
        ? { kind: 'range', from: value, to: this.#integer() }
        : { kind: 'literal', value };
    }
    if (/^[a-z]/.test(token)) return { kind: 'name', name: token };
    throw new Error(`expected a type, got ${token}`);
  }

  #closing<T>(inner: T, token: string): T {
    this.expect(token);
    return inner;
  }

  #group<T>(end: string, read: (least: number, most: number) => T): T[] {
    const members: T[] = [];
    while (!this.#takeIf(end)) {
      const { least, most } = this.#occurrence();
      members.push(read(least, most));
      if (this.#tokens[this.#at] !== end) this.expect(',');
    }
    return members;
  }

  /** RFC 8610 §3.2. */
  #occurrence(): Occurrence {
    if (this.#takeIf('?')) return { least: 0, most: 1 };
    if (this.#takeIf('*')) return { least: 0, most: Number.POSITIVE_INFINITY };
    const bounds = /^(\d+)\*(\d+)$/.exec(this.#tokens[this.#at] ?? '');
    if (bounds === null) return { least: 1, most: 1 };
    this.#at += 1;
    return { least: Number(bounds[1]), most: Number(bounds[2]) };
  }

  #integer(): number {
    const token = this.take();
    if (!/^-?\d+$/.test(token)) throw new Error(`expected a number, got ${token}`);
    return Number(token);
  }

  #takeIf(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }
}
