// What a decision looks at besides record, recipient and policy, drawn from a seed: what officers said, what originators
// allow and forbid, and what went before.

import type { StateId } from '@comity/label';
import type { View } from '@comity/record';

import { digestOf, type PlainPolicy } from './plain-policy.test-support.ts';
import { policyDigest } from './policy-digest.ts';
import type { Account, ApprovalFact, Consent, Recipient, Situation } from './situation.ts';
import { type Draw, STATES } from './world.test-support.ts';

const ANOTHER = policyDigest('another');
const ROLES = ['officer', 'release-authority'];

export type Circumstances = Pick<
  Situation,
  'account' | 'approvals' | 'author' | 'isAuthorProven' | 'consents' | 'barredBy'
>;

export interface Matter {
  readonly policy: PlainPolicy;
  readonly view: View;
  readonly recipient: Recipient;
  readonly situation: Situation;
}

/** `odd`: also without the account that a policy needs. */
export function drawCircumstances(draw: Draw, matter: Matter, odd: boolean): Circumstances {
  const barred = draw.once(8) ? draw.some(STATES).map(({ id }) => id) : undefined;
  return {
    ...(!(odd && draw.once(20)) && { account: drawAccount(draw, matter) }),
    ...(!draw.once(3) && { approvals: drawApprovals(draw, matter) }),
    ...(!draw.once(20) && { author: draw.one(['anna', 'dora']), isAuthorProven: !draw.once(16) }),
    ...(!draw.once(3) && {
      consents: Array.from({ length: draw.below(3) }, () => drawConsent(draw, matter)),
    }),
    ...(barred !== undefined && { barredBy: (): ReadonlySet<StateId> => new Set(barred) }),
  };
}

function drawAccount(draw: Draw, { policy, view, situation }: Matter): Account {
  const entries = [...(policy.limits ?? []), ...(policy.reciprocity ?? [])];
  const times = Array.from({ length: draw.below(6) }, () => situation.atSeconds - draw.below(4_000));
  return {
    already: draw.once(2) ? new Set() : drawDigests(draw, view),
    releasesSince: (fromSeconds) => times.filter((time) => time > fromSeconds).length,
    given: draw.below(6),
    received: draw.below(4),
    ...(entries.length > 0 &&
      draw.once(2) && {
        held: Array.from({ length: draw.below(3) }, () => ({
          entry: draw.once(8) ? ANOTHER : digestOf(draw.one(entries)),
          mode: draw.once(4) ? 'letter' : situation.mode,
          parts: drawDigests(draw, view),
        })),
      }),
  };
}

function drawDigests(draw: Draw, { parts }: View): Set<string> {
  const all = parts.map(({ digest }) => digest);
  return new Set(draw.once(2) ? all : draw.some(all));
}

/** Rules that permit, which may ask for approval, and entries, by the name under which they are cited. */
function askingOf({ rules, limits = [], reciprocity = [] }: PlainPolicy): [name: string, written: object][] {
  return [
    ...rules.filter(({ effect }) => effect !== 'forbid').map((rule) => [rule.name, rule] as const),
    ...limits.map((entry, index) => [`limits[${index}]`, entry] as const),
    ...reciprocity.map((entry, index) => [`reciprocity[${index}]`, entry] as const),
  ].map(([name, written]) => [name, written]);
}

function drawApprovals(draw: Draw, matter: Matter): ApprovalFact[] {
  const asking = askingOf(matter.policy);
  if (asking.length === 0) return [];
  return asking.flatMap(([name, written]) =>
    Array.from({ length: draw.below(6) }, () => drawApproval(draw, matter, name, written)),
  );
}

export function drawApproval(
  draw: Draw,
  { view, recipient, situation }: Matter,
  rule: string,
  written: object,
): ApprovalFact {
  const { mode, purpose } = situation;
  const atSeconds = situation.atSeconds - draw.one([-1, 0, 0, 1, 1, 100, 100, 599, 600, 601, 3_600]);
  return {
    officer: draw.one(['anna', 'ben', 'cleo']),
    roles: draw.once(5) ? draw.some(ROLES) : ROLES,
    decision: draw.once(8) ? 'reject' : 'approve',
    rule,
    ruleDigest: draw.once(12) ? ANOTHER : digestOf(written),
    parts: drawDigests(draw, view),
    mode: draw.once(12) ? 'push' : mode,
    purpose: draw.once(12) ? 'policy-making' : purpose,
    ...(mode === 'letter' && { addressee: draw.once(8) ? 'carla' : (recipient.officer ?? 'bertil') }),
    atSeconds,
    notAfterSeconds: atSeconds + draw.one([1, 600, 10_000, 10_000, 10_000]),
  };
}

function drawConsent(draw: Draw, { view, recipient, situation }: Matter): Consent {
  const { holder, purpose, atSeconds } = situation;
  const fromSeconds = atSeconds - draw.one([-1, 0, 500]);
  return {
    recordId: draw.once(12) ? ANOTHER : view.header.id,
    parts: draw.once(2) ? 'all' : drawDigests(draw, view),
    holder: draw.once(12) ? draw.one(STATES).id : holder,
    thirdParty: draw.once(12) ? draw.one(STATES).id : recipient.state,
    purposes: draw.once(12) ? ['policy-making'] : ['policy-making', purpose],
    fromSeconds,
    untilSeconds: fromSeconds + draw.one([1, 501, 100_000]),
    grant: String(draw.below(1_000)).padStart(64, '0'),
  };
}
