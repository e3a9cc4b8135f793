import {
  explainReason,
  type Outcome,
  type PartTrace,
  type RecordDecision,
  type RecordTrace,
} from '@comity/disclosure';
import { Fault } from '@comity/fault';
import { PURPOSES, type StateId } from '@comity/label';
import type { View } from '@comity/record';
import type { StoredRecord } from '@comity/store';
import { formatTime, type PartOutcome } from '../operations/shapes.ts';
import type { Peer } from '../peers/peers.ts';
import { findRecord } from '../records/find-record.ts';
import { type GivenParts, givenBy, NONE_GIVEN, partsGiven } from '../records/stored-view.ts';
import { markingOf } from '../records/summary.ts';
import type { Sovereign } from '../sovereign.ts';
import { byPath } from './by-path.ts';
import { groundsOf } from './grounds.ts';
import { nothingApplies, told } from './outcomes.ts';
import { beyond } from './plan-release.ts';
import { MAIN_PURPOSE, standingPurposes } from './standing-purposes.ts';

/** The envelope, then the parts by path. */
function envelopeFirst(a: { path: string }, b: { path: string }): number {
  if (a.path === ENVELOPE || b.path === ENVELOPE) return a.path === ENVELOPE ? -1 : 1;
  return byPath(a.path, b.path);
}

const ENVELOPE = 'envelope';

type Explained = PartOutcome & { trace: { step: string; result: string; why: string }[] };

/**
 * Part by part, why a peer would or would not receive it: every check and every rule.
 *
 * @throws Fault label.unknown-purpose, record.not-found, peer.unknown
 */
export async function explainForPeer(
  sovereign: Sovereign,
  args: {
    record: string;
    peer: string;
    mode?: 'push' | 'query' | 'relay' | undefined;
    purpose?: string | undefined;
    part?: string | undefined;
  },
): Promise<{
  record: string;
  peer: string;
  mode: string;
  purpose: string;
  outcome: Outcome;
  policy: string | null;
  parts: Explained[];
}> {
  if (args.purpose !== undefined && !PURPOSES.has(args.purpose))
    throw new Fault('label.unknown-purpose', 'the purpose is not registered', {
      fields: { purpose: args.purpose },
    });
  const { stored, view } = await findRecord(sovereign, args.record);
  const peer = sovereign.peers.byCode(args.peer);
  const mode = args.mode ?? sovereign.door.standingMode(view);
  // Who asks for what others have issued is handed by relaying also what he gave himself.
  const isUnasked = args.mode === undefined || mode === 'push';
  const gave = isUnasked ? await givenAndNotHanded(sovereign, stored, view, peer.state) : NONE_GIVEN;
  const isGiven = (path: string): boolean => gave === 'all' || paths(view, gave).has(path);
  const purpose = args.purpose ?? (await purposeFor(sovereign, view, peer, { mode, gave }));
  const concerned = await sovereign.door.concerns(view, peer.state);
  const grounds = await groundsOf(sovereign, view, peer.state);
  const trace = concerned ? sovereign.door.explain(view, peer.state, mode, purpose, grounds) : undefined;
  const parts =
    trace === undefined
      ? await unexplained(sovereign, view, peer)
      : explained(sovereign, view, trace).map((part) => (isGiven(part.path) ? asGiven(part) : part));
  const wanted = args.part === undefined ? parts : parts.filter(({ path }) => path === args.part);
  if (args.part !== undefined && wanted.length === 0)
    throw new Fault('record.not-found', `the record has no part ${args.part} here`);
  return {
    record: stored.id,
    peer: peer.code,
    mode,
    purpose,
    outcome: trace === undefined ? 'withhold' : outcomeBeside(trace, isGiven),
    policy: sovereign.policy?.digest ?? null,
    parts: wanted.sort(envelopeFirst),
  };
}

/**
 * Without a purpose given, of those for which the policy hands over in the mode, the one that comes to most: so that the
 * explanation is about what really happens. What is handed over counts most, then what waits for a person, then what waits for
 * the end of an embargo.
 */
async function purposeFor(
  sovereign: Sovereign,
  view: View,
  peer: Peer,
  { mode, gave }: { readonly mode: 'push' | 'query' | 'relay'; readonly gave: GivenParts },
): Promise<string> {
  const { door, policy } = sovereign;
  const grounds = await groundsOf(sovereign, view, peer.state);
  const purposes =
    policy === undefined ? [] : standingPurposes(policy.compiled.policy, mode, view.header.type);
  const ranked = purposes.map((purpose) => {
    const decision = door.decide(view, peer.state, mode, purpose, grounds);
    return { purpose, comesTo: decision === undefined ? [] : whatComesOf(decision, gave) };
  });
  // In the order in which they are tried where they come to the same.
  return ranked.sort((a, b) => byMost(a.comesTo, b.comesTo))[0]?.purpose ?? MAIN_PURPOSE;
}

/** Parts handed over, waiting for a person, and waiting for the end of an embargo; an envelope stands for all its parts. */
function whatComesOf(
  { envelope, parts, released, held }: RecordDecision,
  gave: GivenParts,
): readonly number[] {
  const has = partsGiven(gave);
  const embargoed = parts.filter((part) => part.reason === 'embargo').length;
  return [
    beyond(released, has).length,
    beyond(held, has).length,
    envelope.reason === 'embargo' ? parts.length : embargoed,
  ];
}

function byMost(a: readonly number[], b: readonly number[]): number {
  return a.map((count, place) => (b[place] ?? 0) - count).find((difference) => difference !== 0) ?? 0;
}

async function unexplained(sovereign: Sovereign, view: View, peer: Peer): Promise<Explained[]> {
  const reason = await nothingApplies(sovereign, view, peer);
  return view.parts.map(({ pathText, label }) => ({
    path: pathText,
    label: markingOf(sovereign, view, label),
    outcome: 'withhold',
    reason,
    rule: null,
    trace: [{ step: 'before the decision', result: 'withhold', why: reason }],
  }));
}

function explained(sovereign: Sovereign, view: View, trace: RecordTrace): Explained[] {
  // The envelope first: it governs everything after it.
  return [trace.envelope, ...trace.parts].map((part, index) => {
    const label = view.parts[index - 1]?.label ?? view.header.label;
    return {
      path: part.path,
      label: markingOf(sovereign, view, label),
      ...told(part),
      ...(part.fromSeconds !== undefined && { from: formatTime(part.fromSeconds) }),
      trace: [
        ...part.checks.map(({ check, name, passed, why }) => ({
          step: `${check} ${name}`,
          result: passed ? 'pass' : 'fail',
          why: why ?? '',
        })),
        ...part.rules.map(({ rule, effect, matched, why }) => ({
          step: `rule ${rule} (${effect})`,
          result: matched ? 'match' : 'no match',
          why,
        })),
        { step: 'outcome', result: part.outcome, why: conclusion(part) },
      ],
    };
  });
}

/** What a peer gave itself is not handed to it unasked, whatever the decision says. */
function asGiven(part: Explained): Explained {
  const { from: _, missing: __, ...rest } = part;
  const last = { step: 'unasked', result: 'withhold', why: 'gave-it' };
  return { ...rest, outcome: 'withhold', reason: 'gave-it', rule: null, trace: [...part.trace, last] };
}

/** What comes of a record beside what the peer gave itself. */
function outcomeBeside({ outcome, parts }: RecordTrace, isGiven: (path: string) => boolean): Outcome {
  const others = parts.filter(({ path }) => !isGiven(path));
  if (others.length === parts.length) return outcome;
  if (outcome === 'release' && others.some((part) => part.outcome === 'release')) return 'release';
  return outcome !== 'withhold' && others.some((part) => part.outcome === 'hold') ? 'hold' : 'withhold';
}

function paths({ parts }: View, digests: ReadonlySet<string>): ReadonlySet<string> {
  return new Set(parts.flatMap(({ digest, pathText }) => (digests.has(digest) ? [pathText] : [])));
}

async function givenAndNotHanded(
  { store }: Sovereign,
  stored: StoredRecord,
  { header }: View,
  peer: StateId,
): Promise<GivenParts> {
  const gave = givenBy(stored, peer);
  if (gave === 'all' || gave.size === 0) return gave;
  return new Set(beyond(gave, (await store.released(peer, header.id)).digests));
}

function conclusion(part: PartTrace): string {
  return part.reason === 'permit'
    ? `permitted by ${part.rule ?? 'a rule'}`
    : explainReason(part.reason).summary;
}
