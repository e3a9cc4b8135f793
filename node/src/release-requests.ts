import { type StateId, type TextMap, textIn } from '@comity/label';
import { factOf, isRecordId, type View } from '@comity/record';
import { byPath } from './by-path.ts';
import { viewsOfType } from './consents.ts';
import type { ReleaseRequest } from './operations/consent.ts';
import { formatTime } from './operations/shapes.ts';
import { termsIn, wordIn } from './release-terms.ts';
import type { Sovereign } from './sovereign.ts';
import { openReadable } from './stored-view.ts';
import { titleText } from './summary.ts';

/** The requests for onward release that are held, the newest first, with what has been answered. */
export async function listRequests(sovereign: Sovereign): Promise<ReleaseRequest[]> {
  const requests = await viewsOfType(sovereign, 'release-request');
  const answers = Map.groupBy(await viewsOfType(sovereign, 'release-grant'), (view) =>
    wordIn(view, 'request'),
  );
  const found = await Promise.all(
    requests.map((view) => describe(sovereign, view, answers.get(view.header.id) ?? [])),
  );
  return found.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}

/** @param answers what names the request, of whomever */
async function describe(sovereign: Sovereign, view: View, answers: readonly View[]): Promise<ReleaseRequest> {
  const { self, peers } = sovereign;
  const { id, issuer, issuedAtSeconds } = view.header;
  const terms = termsIn(view);
  const about =
    terms !== undefined && isRecordId(terms.record) ? await held(sovereign, terms.record) : undefined;
  const originator = about?.header.issuer;
  const answer = answers.findLast(({ header }) => originator === undefined || header.issuer === originator);
  const replyBySeconds = timeIn(view, 'replyBy');
  const untilSeconds = answer === undefined ? undefined : timeIn(answer, 'notAfter');
  const nameOf = (state: StateId): string =>
    state === self.state ? self.charter.code : (peers.codeOf(state) ?? state);
  return {
    request: id,
    direction: issuer === self.state ? 'asked' : 'received',
    by: nameOf(issuer),
    record: terms?.record ?? null,
    title: about === undefined ? null : titleText(about),
    to: terms === undefined ? null : nameOf(terms.thirdParty),
    purpose: wordIn(view, 'purpose') ?? null,
    parts: terms === undefined || terms.parts === 'all' ? null : pathsOf(about, terms.parts),
    reason: textOf(view, 'reason'),
    replyBy: replyBySeconds === undefined ? null : formatTime(replyBySeconds),
    at: formatTime(issuedAtSeconds),
    state: stateOf(sovereign, answer, replyBySeconds),
    answer: answer?.header.id ?? null,
    until: untilSeconds === undefined ? null : formatTime(untilSeconds),
    answerText: answer === undefined ? null : (textOf(answer, 'conditions') ?? textOf(answer, 'reason')),
  };
}

function stateOf(
  { consents, now }: Sovereign,
  answer: View | undefined,
  replyBySeconds: number | undefined,
): ReleaseRequest['state'] {
  const decision = answer === undefined ? undefined : wordIn(answer, 'decision');
  if (answer === undefined || decision === undefined)
    return replyBySeconds !== undefined && replyBySeconds <= now() ? 'overdue' : 'open';
  if (decision === 'refuse') return 'refused';
  const { id } = answer.header;
  const isInForce = consents.inForce(id, now());
  return isInForce ? 'granted' : 'ended';
}

async function held(sovereign: Sovereign, id: View['header']['id']): Promise<View | undefined> {
  const stored = await sovereign.store.records('real').get(id);
  return stored === undefined ? undefined : openReadable(sovereign, stored);
}

function pathsOf(view: View | undefined, digests: readonly string[]): string[] {
  const paths = new Map(view?.parts.map(({ digest, pathText }) => [digest, pathText]));
  return digests.map((digest) => paths.get(digest) ?? digest).sort(byPath);
}

function textOf(view: View, field: string): string | null {
  const texts = factOf(view, field, (value) => value as TextMap);
  return texts.status === 'known' ? textIn(texts.value, 'en').text : null;
}

function timeIn(view: View, field: string): number | undefined {
  const fact = factOf(view, field, (value) => value);
  return fact.status === 'known' && typeof fact.value === 'number' ? fact.value : undefined;
}
