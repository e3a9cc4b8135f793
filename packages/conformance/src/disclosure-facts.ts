import { toHex } from '@comity/digest';
import type { Account, ApprovalFact, Consent, HeldBefore, Situation } from '@comity/disclosure';
import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { Input } from './input.ts';
import { stateIdIn } from './known-states.ts';

/** What officers and the originator have said, and what was released before: facts of a decision (disclosure.md §10). */
export type Facts = Pick<
  Situation,
  'account' | 'approvals' | 'author' | 'isAuthorProven' | 'consents' | 'barredBy'
>;

/** The facts of an `in`. @throws Fault `conformance.bad-input` */
export function factsIn(input: Input): Facts {
  const account = input.optionalObject('account');
  const author = input.optionalText('author');
  return {
    ...(account && { account: accountIn(account) }),
    ...(input.has('approvals') && { approvals: input.objects('approvals').map(approvalIn) }),
    ...(author !== undefined && { author }),
    ...(input.has('authorProven') && { isAuthorProven: input.flag('authorProven') }),
    ...(input.has('consents') && { consents: input.objects('consents').map(consentIn) }),
    ...(input.has('bars') && { barredBy: barsIn(input.objects('bars')) }),
  };
}

function accountIn(account: Input): Account {
  const times = account.times('releases').sort((a, b) => a - b);
  return {
    already: new Set(account.hexes('already').map(hashIn)),
    releasesSince: (fromSeconds) => times.length - placeAfter(times, fromSeconds),
    given: account.natural('given'),
    received: account.natural('received'),
    ...(account.has('held') && { held: account.objects('held').map(heldIn) }),
  };
}

function heldIn(held: Input): HeldBefore {
  return {
    entry: hashIn(held.hex('entry')),
    mode: held.text('mode'),
    parts: new Set(held.hexes('parts').map(hashIn)),
  };
}

/** Place of the first of ascending times that is later. */
function placeAfter(times: readonly number[], atSeconds: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) <= atSeconds) low = middle + 1;
    else high = middle;
  }
  return low;
}

function approvalIn(approval: Input): ApprovalFact {
  const addressee = approval.optionalText('addressee');
  return {
    officer: approval.text('officer'),
    roles: approval.texts('roles'),
    decision: decisionIn(approval.text('decision')),
    rule: approval.text('rule'),
    ruleDigest: hashIn(approval.hex('ruleDigest')),
    parts: new Set(approval.hexes('parts').map(hashIn)),
    mode: approval.text('mode'),
    purpose: approval.text('purpose'),
    ...(addressee !== undefined && { addressee }),
    atSeconds: approval.seconds('atSeconds'),
    notAfterSeconds: approval.seconds('notAfterSeconds'),
  };
}

function decisionIn(text: string): ApprovalFact['decision'] {
  if (text !== 'approve' && text !== 'reject')
    throw new Fault('conformance.bad-input', 'a decision is neither approve nor reject');
  return text;
}

function consentIn(consent: Input): Consent {
  const isForAll = consent.json('parts') === 'all';
  return {
    recordId: hashIn(consent.hex('record')),
    grant: hashIn(consent.hex('grant')),
    parts: isForAll ? 'all' : new Set(consent.hexes('parts').map(hashIn)),
    holder: stateIdIn(consent.hex('holder')),
    thirdParty: stateIdIn(consent.hex('thirdParty')),
    purposes: consent.texts('purposes'),
    fromSeconds: consent.seconds('fromSeconds'),
    untilSeconds: consent.seconds('untilSeconds'),
  };
}

function barsIn(bars: readonly Input[]): NonNullable<Situation['barredBy']> {
  const barred = new Map<StateId, Set<StateId>>();
  for (const bar of bars) {
    const issuer = stateIdIn(bar.hex('issuer'));
    const states = barred.get(issuer) ?? new Set();
    for (const state of bar.hexes('states')) states.add(stateIdIn(state));
    barred.set(issuer, states);
  }
  return (originator) => barred.get(originator) ?? new Set();
}

/** A digest or the id of a record, as text. */
function hashIn(bytes: Uint8Array): string {
  if (bytes.length !== 32)
    throw new Fault('conformance.bad-input', 'a digest or the id of a record has 32 bytes');
  return toHex(bytes);
}
