import { deepStrictEqual } from 'node:assert/strict';
import type { Label, StateId } from '@comity/label';
import { narrowView, type Part, type View } from '@comity/record';
import type { Sovereign } from '../sovereign.ts';
import type { WorldNode } from '../world.test-support.ts';
import { groundsOf } from './grounds.ts';

/** What an originator has said about the handing on of a record of its own, as it wrote it. */
export interface WrittenGrant {
  readonly issuer: StateId;
  readonly content: Readonly<Record<string, unknown>>;
}

/** Parts of another state's record that a node has handed on. */
export interface HandedOn {
  readonly from: WorldNode;
  readonly to: WorldNode;
  /** The record as its originator holds it. */
  readonly whole: View;
  readonly digests: ReadonlySet<string>;
  readonly grants: readonly WrittenGrant[];
}

/**
 * Never more than label and consent of the originator allow, whatever policies say: read here from the labels and from the
 * grants as they were written, and from nothing that decides.
 */
export function assertAllowed({ from, to, whole, digests, grants }: HandedOn): void {
  const atSeconds = from.sovereign.now();
  const { id, issuer } = whole.header;
  const consented = grants.filter(({ issuer: by, content }) => {
    const { decision, record, holder, thirdParty, notBefore, notAfter } = content;
    const isInForce = secondsOf(notBefore) <= atSeconds && atSeconds < secondsOf(notAfter);
    return (
      by === issuer &&
      decision === 'grant' &&
      record === id &&
      holder === from.code &&
      thirdParty === to.code &&
      isInForce
    );
  });
  const isAllowed = ({ label, digest }: Pick<Part, 'label'> & { readonly digest?: string }): boolean => {
    const { releasableTo = [], tlp } = labelAt(label, atSeconds);
    const hasConsent = consented.some(
      ({ content: { parts } }) =>
        parts === 'all' || digest === undefined || (parts as readonly string[]).includes(digest),
    );
    if (tlp === 'RED' || to.state === issuer) return false;
    if (tlp === 'AMBER' || tlp === 'AMBER+STRICT') return hasConsent;
    return hasConsent || releasableTo.includes(to.state);
  };
  const beyond = whole.parts.filter((part) => digests.has(part.digest) && !isAllowed(part));
  deepStrictEqual(pathsOf(beyond), [], `handed on beyond label and consent: ${from.code} to ${to.code}`);
  deepStrictEqual(isAllowed({ label: whole.header.label }), digests.size > 0, 'the envelope was handed on');
}

function labelAt(label: Label, atSeconds: number): Label {
  const { succession } = label;
  return succession !== undefined && succession.atSeconds <= atSeconds
    ? labelAt(succession.label, atSeconds)
    : label;
}

function secondsOf(time: unknown): number {
  return Date.parse(String(time)) / 1_000;
}

const pathsOf = (parts: readonly Part[]): string[] => parts.map(({ pathText }) => pathText).sort();

/** What of a view a node would hand on to another now. */
async function decided(sovereign: Sovereign, view: View, peer: StateId): Promise<Set<string>> {
  const grounds = await groundsOf(sovereign, view, peer);
  const digests = new Set<string>();
  for (const { decision } of sovereign.door.standing(view, peer, grounds, new Set()))
    for (const digest of decision.released) digests.add(digest);
  return digests;
}

/**
 * Merging what came several ways widens nothing: what goes on is nothing that would stay if all of the record were held, and
 * everything that would go if what each of the others sent were held alone.
 *
 * @param ways what each of the others sent to the node that hands on
 * @param gone everything that went on so far, with what has just gone
 */
export async function assertMergeWidensNothing(
  { from, to, whole, digests }: HandedOn,
  ways: readonly ReadonlySet<string>[],
  gone: ReadonlySet<string>,
): Promise<void> {
  const { sovereign } = from;
  const paths = (all: Iterable<string>): string[] => {
    const named = new Set(all);
    return pathsOf(whole.parts.filter(({ digest }) => named.has(digest)));
  };
  const ofWhole = await decided(sovereign, whole, to.state);
  const beyond = [...digests].filter((digest) => !ofWhole.has(digest));
  deepStrictEqual(
    paths(beyond),
    [],
    `handed on beyond what the whole record allows: ${from.code} to ${to.code}`,
  );
  for (const way of ways) {
    const alone = await decided(sovereign, narrowView(whole, way), to.state);
    const kept = [...alone].filter((digest) => !gone.has(digest));
    deepStrictEqual(paths(kept), [], `kept where less is held: ${from.code} to ${to.code}`);
  }
}
