import {
  explainReason,
  type Outcome,
  type PartDecision,
  type PartTrace,
  type RecordTrace,
} from '@comity/disclosure';
import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { parseDraft, type View } from '@comity/record';
import { byPath } from './by-path.ts';
import { changeAfter, passingFor } from './due.ts';
import { findRecord } from './find-record.ts';
import { type Grounds, groundsOf } from './grounds.ts';
import { draftContext, sealDraft } from './issue.ts';
import { formatTime, type PartOutcome, type PeerOutcome, type RelayWarning } from './operations/shapes.ts';
import type { Peer } from './peers.ts';
import { warningsOfDraft, warningsOfView } from './relay-warnings.ts';
import type { Sovereign } from './sovereign.ts';
import { markingOf } from './summary.ts';

interface Preview {
  readonly type: string;
  readonly parts: { path: string; label: string }[];
  readonly peers: PeerOutcome[];
  readonly relay: RelayWarning[];
}

/** Who would receive which part of a draft. It is sealed and decided about exactly as when issued, then thrown away. */
export async function previewDraft(
  sovereign: Sovereign,
  draft: unknown,
  codes?: readonly string[],
): Promise<Preview> {
  const parsed = parseDraft(draft, await draftContext(sovereign));
  const relay = warningsOfDraft(sovereign, parsed);
  return { ...(await previewView(sovereign, await sealDraft(sovereign, parsed), codes)), relay };
}

export async function previewRecord(
  sovereign: Sovereign,
  id: string,
  codes?: readonly string[],
): Promise<Preview> {
  const { view } = await findRecord(sovereign, id);
  return { ...(await previewView(sovereign, view, codes)), relay: warningsOfView(sovereign, view) };
}

/** Who would receive which part of a view that is not stored. */
export async function previewView(
  sovereign: Sovereign,
  view: View,
  codes: readonly string[] | undefined,
): Promise<Omit<Preview, 'relay'>> {
  const peers =
    codes === undefined ? sovereign.peers.all() : codes.map((code) => sovereign.peers.byCode(code));
  const sources = await sourcesOf(sovereign, view);
  return {
    type: view.header.type,
    parts: view.parts
      .map((part) => ({ path: part.pathText, label: markingOf(sovereign, view, part.label) }))
      .sort((a, b) => byPath(a.path, b.path)),
    peers: await Promise.all(peers.map((peer) => outcomeFor(sovereign, view, peer, sources))),
  };
}

/** Who gave this state a record. They have it, and are handed nothing of it unasked (`planStored`). */
async function sourcesOf({ store, self }: Sovereign, { header }: View): Promise<ReadonlySet<StateId>> {
  if (header.issuer === self.state) return new Set();
  const realm = await store.realmOf(header.id);
  const stored = realm === undefined ? undefined : await store.records(realm).get(header.id);
  return new Set(stored?.sources.flatMap(({ peer }) => peer ?? []));
}

/** What a peer would be handed unasked, over all purposes for which the policy hands over. */
async function outcomeFor(
  sovereign: Sovereign,
  view: View,
  peer: Peer,
  sources: ReadonlySet<StateId>,
): Promise<PeerOutcome> {
  const { door } = sovereign;
  const best = new Map<string, PartDecision>();
  const purposes: string[] = [];
  let envelope: PartDecision | undefined;
  let outcome: Outcome = 'withhold';
  const gaveIt = sources.has(peer.state);
  const concerned = !gaveIt && (await door.concerns(view, peer.state));
  let grounds = await groundsOf(sovereign, view, peer.state);
  const { digests } = await sovereign.store.released(peer.state, view.header.id);
  const given = new Set(digests);
  for (const each of concerned ? door.standing(view, peer.state, grounds, given) : []) {
    const { purpose, decision } = each;
    envelope = better(envelope, decision.envelope);
    if (isMore(decision.outcome, outcome)) outcome = decision.outcome;
    if (decision.outcome === 'release') purposes.push(purpose);
    for (const part of decision.parts) best.set(part.digest, better(best.get(part.digest), part));
    grounds = each.after;
  }
  for (const [digest, part] of best) if (part.outcome === 'release') given.add(digest);
  const later = concerned
    ? releasedLater(sovereign, view, peer, { grounds, given })
    : new Map<string, number>();
  // Nobody reaches a part whose envelope is withheld: then the envelope's reason is the one that helps.
  const closed = envelope?.outcome === 'withhold' ? envelope : undefined;
  const nothing = gaveIt
    ? 'gave-it'
    : envelope === undefined
      ? await nothingApplies(sovereign, view, peer)
      : 'recalled';
  const parts = view.parts.map((part): PartOutcome => {
    const decided = closed ?? best.get(part.digest);
    const fromSeconds = decided?.outcome === 'release' ? undefined : later.get(part.digest);
    return {
      path: part.pathText,
      label: markingOf(sovereign, view, part.label),
      ...(decided === undefined ? { outcome: 'withhold', reason: nothing, rule: null } : told(decided)),
      // Not the end of an embargo by itself: a label may keep the part back then as well.
      ...(fromSeconds !== undefined && { from: formatTime(fromSeconds) }),
    };
  });
  const outer = envelope === undefined ? { outcome: 'withhold' as const, reason: nothing } : told(envelope);
  return {
    peer: peer.code,
    outcome,
    purposes,
    envelope: { outcome: outer.outcome, reason: outer.reason },
    parts,
  };
}

const ORDER: readonly Outcome[] = ['withhold', 'hold', 'release'];

function isMore(one: Outcome, other: Outcome): boolean {
  return ORDER.indexOf(one) > ORDER.indexOf(other);
}

/**
 * Of two decisions about one part, for different purposes, the one that gives more: an embargo ends, so it is more than none,
 * and what fewer persons have to approve is sooner let go.
 */
function better(known: PartDecision | undefined, decided: PartDecision): PartDecision {
  if (known === undefined || isMore(decided.outcome, known.outcome)) return decided;
  if (known.outcome !== decided.outcome) return known;
  const isLater = decided.reason === 'embargo' && known.reason !== 'embargo';
  const isNearer = personsMissing(decided) < personsMissing(known);
  return (decided.outcome === 'withhold' && isLater) || isNearer ? decided : known;
}

function personsMissing({ missing }: PartDecision): number {
  return missing === undefined ? Number.POSITIVE_INFINITY : missing.persons - missing.have;
}

/** What was decided about a part, as people are told it. */
export function told(decided: PartDecision): Pick<PartOutcome, 'outcome' | 'reason' | 'rule' | 'missing'> {
  const { outcome, rule, missing } = decided;
  return {
    outcome,
    reason: reasonText(decided),
    rule: rule ?? null,
    ...(missing !== undefined && { missing }),
  };
}

/** Times ahead that a preview looks at: of policies with many groups for a time, the nearest are what people ask about. */
const MAX_TIMES_AHEAD = 64;

/** Parts by digest that go to a peer by themselves later, by a succession of labels or as an embargo ends, with the first time. */
function releasedLater(
  sovereign: Sovereign,
  view: View,
  peer: Peer,
  now: { readonly grounds: Grounds; readonly given: ReadonlySet<string> },
): ReadonlyMap<string, number> {
  const passing = { ...passingFor(sovereign, view), recipient: peer.state };
  const later = new Map<string, number>();
  const given = new Set(now.given);
  let { grounds } = now;
  let atSeconds = changeAfter(view, sovereign.now(), passing);
  for (let seen = 0; atSeconds !== undefined && seen < MAX_TIMES_AHEAD; seen += 1) {
    for (const { decision, after } of sovereign.door.standing(view, peer.state, grounds, given, atSeconds)) {
      for (const digest of decision.released) if (!later.has(digest)) later.set(digest, atSeconds);
      grounds = after;
    }
    for (const digest of later.keys()) given.add(digest);
    atSeconds = changeAfter(view, atSeconds, passing);
  }
  return later;
}

/** Why no decision was made at all. */
export async function nothingApplies(
  { policy, peers, door, clock, now, orders }: Sovereign,
  view: View,
  peer: Peer,
): Promise<string> {
  if (view.header.issuer === peer.state) return 'own-record';
  if (peer.suspended) return 'suspended';
  if (clock.isHeld) return 'clock-held';
  if (policy === undefined) return 'no-policy';
  if (!peers.isServed(peer.state, now())) return 'not-recognised-now';
  if (orders.remainderOf(view) === undefined) return 'recalled';
  return (await door.concerns(view, peer.state)) ? 'no-permit' : 'withdraws-what-it-never-got';
}

/** The row of the mandatory layer where one withheld, else the reason. */
export function reasonText({ check, reason }: PartDecision): string {
  return check === undefined ? reason : `${check} ${reason}`;
}

/** The envelope, then the parts by path. */
function envelopeFirst(a: { path: string }, b: { path: string }): number {
  if (a.path === ENVELOPE || b.path === ENVELOPE) return a.path === ENVELOPE ? -1 : 1;
  return byPath(a.path, b.path);
}

const ENVELOPE = 'envelope';

type Explained = PartOutcome & { trace: { step: string; result: string; why: string }[] };

/** Part by part, why a peer would or would not receive it: every check and every rule. */
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
  const { stored, view } = await findRecord(sovereign, args.record);
  const peer = sovereign.peers.byCode(args.peer);
  const mode = args.mode ?? sovereign.door.standingMode(view);
  const purpose = args.purpose ?? (await purposeFor(sovereign, view, peer, mode));
  const concerned = await sovereign.door.concerns(view, peer.state);
  const grounds = await groundsOf(sovereign, view, peer.state);
  const trace = concerned ? sovereign.door.explain(view, peer.state, mode, purpose, grounds) : undefined;
  const parts =
    trace === undefined ? await unexplained(sovereign, view, peer) : explained(sovereign, view, trace);
  const wanted = args.part === undefined ? parts : parts.filter(({ path }) => path === args.part);
  if (args.part !== undefined && wanted.length === 0)
    throw new Fault('record.not-found', `the record has no part ${args.part} here`);
  return {
    record: stored.id,
    peer: peer.code,
    mode,
    purpose,
    outcome: trace?.outcome ?? 'withhold',
    policy: sovereign.policy?.digest ?? null,
    parts: wanted.sort(envelopeFirst),
  };
}

/** Without a purpose given: the one under which most is released, so that the explanation is about what really happens. */
async function purposeFor(
  sovereign: Sovereign,
  view: View,
  peer: Peer,
  mode: 'push' | 'query' | 'relay',
): Promise<string> {
  const { door } = sovereign;
  const grounds = await groundsOf(sovereign, view, peer.state);
  const purposes = door.purposes(mode === 'query' ? 'push' : mode);
  const counts = purposes.map((purpose) => ({
    purpose,
    released: door.decide(view, peer.state, mode, purpose, grounds)?.released.size ?? 0,
  }));
  return counts.sort((a, b) => b.released - a.released)[0]?.purpose ?? 'incident-response';
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

function conclusion(part: PartTrace): string {
  return part.reason === 'permit'
    ? `permitted by ${part.rule ?? 'a rule'}`
    : explainReason(part.reason).summary;
}
