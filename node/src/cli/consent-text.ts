import { styleText } from 'node:util';
import type { ConsentResult, GrantResult, ReleaseRequest, RevokeResult } from '../operations/consent.ts';
import { safeText, shorten } from './safe-text.ts';
import { table } from './table.ts';

/** A request in full: what is decided about is shown uncut. */
export function requestText(each: ReleaseRequest): string {
  const lacking = each.partsHere.filter(({ handed }) => handed === false);
  return [
    `request ${each.request}, ${each.direction}, of ${each.at}: ${each.state}`,
    `  by ${each.by} for ${each.to ?? '?'}, purpose ${safeText(each.purpose ?? '?')}, reply by ${each.replyBy ?? '-'}`,
    `  record ${safeText(each.record ?? '?')} ${safeText(each.title ?? '')}`,
    `  reason: ${safeText(each.reason ?? '(withheld)')}`,
    `  parts: ${each.parts === null ? 'all' : each.parts.map(safeText).join(', ')}`,
    ...each.partsHere.map(
      ({ path, label, handed }) =>
        `    ${safeText(path)}  ${safeText(label)}${handed === false ? '  NOT RELEASED TO IT' : ''}`,
    ),
    ...each.answers.map(
      ({ answer, decision, at, until, text }) =>
        `  answer ${answer.slice(0, 12)} of ${at}: ${safeText(decision ?? '?')}${until === null ? '' : ` until ${until}`}${text === null ? '' : `: ${safeText(text)}`}`,
    ),
    ...each.standing.map((standing) => `  in force: ${standingText(standing)}`),
    ...(lacking.length === 0
      ? []
      : [`  warning: this node has not released ${lacking.length} of these parts to ${each.by}`]),
  ].join('\n');
}

function standingText({ grant, parts, until }: ReleaseRequest['standing'][number]): string {
  return `grant ${grant.slice(0, 12)} until ${until}: ${parts === null ? 'all parts' : parts.map(safeText).join(', ')}`;
}

export function requestTable(requests: readonly ReleaseRequest[]): string {
  return table(
    ['request', '', 'by', 'for', 'purpose', 'parts', 'state', 'until', 'record', 'reason', 'answer'],
    requests.map((each) => [
      each.request.slice(0, 12),
      each.direction,
      each.by,
      each.to ?? '?',
      each.purpose ?? '?',
      each.parts === null ? 'all' : String(each.parts.length),
      each.state,
      each.until ?? each.replyBy ?? '-',
      `${(each.record ?? '?').slice(0, 12)} ${shorten(each.title ?? '', 32)}`,
      shorten(each.reason ?? '(withheld)', 48),
      shorten(each.answerText ?? '-', 48),
    ]),
    (text) => styleText('bold', text, { stream: process.stdout }),
  );
}

export function grantedText(done: GrantResult): string {
  return [
    issuedText('granted', done),
    ...done.beside.map((standing) => `still in force beside it: ${standingText(standing)}`),
    ...(done.notHanded.length === 0
      ? []
      : [`warning: not released to the holder by this node: ${done.notHanded.map(safeText).join(', ')}`]),
  ].join('\n');
}

/** A revocation counts from when it was issued, and works where it is known. */
export function revokedText(done: RevokeResult): string {
  return [
    issuedText('revoked', done),
    effectText(done),
    ...(done.endsAt === null ? [] : [`told or not, the consent ends at ${done.endsAt}`]),
  ].join('\n');
}

function effectText({ notTold, notReached }: RevokeResult): string {
  const mayGoOn = 'it may go on handing the record on';
  if (notTold.length > 0)
    return `NOT IN EFFECT: until ${notTold.map(({ peer }) => peer).join(', ')} is told, ${mayGoOn}`;
  if (notReached.length > 0)
    return `NOT YET IN EFFECT: ${notReached.join(', ')} is not connected; it is told as soon as it is, and until then ${mayGoOn}`;
  return 'comity release requests shows it as ending until whoever holds it has confirmed that it knows';
}

export function issuedText(what: string, { record, notTold }: ConsentResult): string {
  const told = record.released.map(({ peer }) => peer);
  return [
    `${what}: ${record.id.slice(0, 12)}${told.length === 0 ? '' : `, sent to ${told.join(', ')}`}`,
    ...notTold.map(
      ({ peer, reason }) =>
        `warning: ${peer} does not receive it (${safeText(reason)}); comity policy explain ${record.id.slice(0, 12)} ${peer} says why`,
    ),
  ].join('\n');
}
