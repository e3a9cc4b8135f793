// What was released before, and what officers and originators have said, as facts of a scene.

import { hex } from '../cbor-text.ts';
import type { Paths, Scene } from './decision-scenes.ts';
import { digestOf, type JsonObject } from './policy-text.ts';

/** What was released before. */
export interface Account {
  /** Paths of parts of this record that the recipient has. Default: none. */
  readonly already?: readonly string[];
  /** Times of the releases to the recipient. Default: none. */
  readonly releases?: readonly number[];
  /** Default: as many as there are times. */
  readonly given?: number;
  /** Default: none. */
  readonly received?: number;
  /** What entries of the policy have held before. Default: nothing. */
  readonly held?: readonly Held[];
}

export interface Held {
  /** The entry as written. */
  readonly entry: JsonObject;
  readonly mode?: string;
  /** Paths of parts. */
  readonly at: readonly string[];
}

/** The members of `in` for them. */
export function factsOf(scene: Scene): JsonObject {
  const { account, approvals, consents, bars, authorProven = true } = scene;
  // Most scenes in which somebody is asked are about what the rules say, and so of a record whose author is proven.
  const author = scene.author === undefined && isAsking(scene) ? 'wim' : scene.author;
  const { already = [], releases = [], given = releases.length, received = 0, held } = account ?? {};
  const heldBefore = held?.map(({ entry, mode = 'push', at }) => ({
    entry: digestOf(entry),
    mode,
    parts: digestsOf(scene, at),
  }));
  return {
    ...(account && {
      account: {
        ...{ already: digestsOf(scene, already), releases, given, received },
        ...(heldBefore && { held: heldBefore }),
      },
    }),
    ...(approvals && { approvals }),
    ...(typeof author === 'string' && { author }),
    ...((isAsking(scene) || scene.authorProven === true) && authorProven !== null && { authorProven }),
    ...(consents && { consents }),
    ...(bars && {
      bars: bars.map(([{ idText }, ...barred]) => ({
        issuer: idText,
        states: barred.map((state) => state.idText),
      })),
    }),
  };
}

/** Whether a rule or an entry of the policy asks for officers. */
function isAsking({ policy }: Scene): boolean {
  return /"(approve|limits|reciprocity)"/.test(JSON.stringify(policy ?? {}));
}

/** The digests of the parts at some paths. */
export function digestsOf({ paths }: Paths, at: readonly string[]): readonly string[] {
  return at.map((path) => {
    const part = paths[path];
    if (part === undefined) throw new Error(`there is no part ${path}`);
    return hex(part.digest);
  });
}
