import { type StateId, type TextMap, textIn } from '@comity/label';
import { factOf, isRecordId, type View } from '@comity/record';
import type { ReleaseRequest } from '../operations/consent.ts';
import { formatTime } from '../operations/shapes.ts';
import { codeOrId } from '../peers/state-codes.ts';
import { findRecord } from '../records/find-record.ts';
import { openReadable } from '../records/stored-view.ts';
import { markingOf, titleText } from '../records/summary.ts';
import { handedTo } from '../release/audience.ts';
import { viewsOfType } from '../release/held-views.ts';
import type { Sovereign } from '../sovereign.ts';
import { endOf, pathsOf, type Standing, standingOf, termsIn, timeIn, wordIn } from './release-terms.ts';

/**
 * The requests for onward release that are held, the newest first, with what has been answered.
 *
 * @param idOrPrefix of the only one that is wanted
 * @throws Fault record.not-found, record.ambiguous-id
 */
export async function listRequests(
  sovereign: Sovereign,
  idOrPrefix: string | undefined,
): Promise<ReleaseRequest[]> {
  const wanted = idOrPrefix === undefined ? undefined : (await findRecord(sovereign, idOrPrefix)).stored.id;
  const requests = (await viewsOfType(sovereign, 'release-request')).filter(
    ({ header }) => wanted === undefined || header.id === wanted,
  );
  const said = await viewsOfType(sovereign, 'release-grant');
  const answers = Map.groupBy(said, (view) => wordIn(view, 'request'));
  const grants = new Map(said.map((view) => [view.header.id as string, view]));
  const found = await Promise.all(
    requests.map((view) => describe(sovereign, view, answers.get(view.header.id) ?? [], grants)),
  );
  return found.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}

/** @param saidToIt what names the request, of whomever and about whichever record */
async function describe(
  sovereign: Sovereign,
  view: View,
  saidToIt: readonly View[],
  grants: ReadonlyMap<string, View>,
): Promise<ReleaseRequest> {
  const { self } = sovereign;
  const { id, issuer: holder, issuedAtSeconds } = view.header;
  const terms = termsIn(view);
  const record = terms !== undefined && isRecordId(terms.record) ? terms.record : undefined;
  const about = record === undefined ? undefined : await held(sovereign, record);
  const originator = about?.header.issuer ?? originatorAsked(sovereign, view);
  const answers = saidToIt
    .filter(({ header }) => header.issuer === originator)
    .filter((answer) => record !== undefined && wordIn(answer, 'record') === record)
    .sort((a, b) => a.header.issuedAtSeconds - b.header.issuedAtSeconds);
  const purpose = wordIn(view, 'purpose');
  const standing =
    record === undefined || terms === undefined || originator === undefined || purpose === undefined
      ? []
      : standingOf(sovereign, about, {
          record,
          originator,
          holder,
          thirdParty: terms.thirdParty,
          purpose,
        });
  // What is in force counts, and not what was said last: a refusal, or a shorter grant, takes no consent away.
  const [longest] = answers.length === 0 ? [] : standing;
  const answer = longest === undefined ? answers.at(-1) : (grants.get(longest.grant) ?? answers.at(-1));
  const replyBySeconds = timeIn(view, 'replyBy');
  return {
    request: id,
    direction: holder === self.state ? 'asked' : 'received',
    by: codeOrId(sovereign, holder),
    record: terms?.record ?? null,
    title: about === undefined ? null : titleText(about),
    to: terms === undefined ? null : codeOrId(sovereign, terms.thirdParty),
    purpose: purpose ?? null,
    parts: terms === undefined || terms.parts === 'all' ? null : pathsOf(about, terms.parts),
    partsHere: about === undefined ? [] : await partsHere(sovereign, view, about),
    reason: textOf(view, 'reason'),
    replyBy: replyBySeconds === undefined ? null : formatTime(replyBySeconds),
    at: formatTime(issuedAtSeconds),
    state: (await isEnding(sovereign, view, standing.length === 0 ? answers : [], [...grants.values()]))
      ? 'ending'
      : stateOf(sovereign, answers, standing, replyBySeconds),
    answer: answer?.header.id ?? null,
    until: answer === undefined ? null : (longest?.until ?? endOf(answer)),
    answerText: answer === undefined ? null : textOfAnswer(answer),
    standing,
    answers: answers.map((each) => ({
      answer: each.header.id,
      decision: wordIn(each, 'decision') ?? null,
      at: formatTime(each.header.issuedAtSeconds),
      until: endOf(each),
      text: textOfAnswer(each),
    })),
  };
}

/** Whom a request asks where the record that it is about is no longer held: its label names the originator, and nobody else. */
function originatorAsked({ self }: Sovereign, { header }: View): StateId | undefined {
  if (header.issuer !== self.state) return self.state;
  const { releasableTo = [] } = header.label;
  return releasableTo.length === 1 ? releasableTo[0] : undefined;
}

/** The parts held here that a request is about, and of an own record whether this state has released them to whoever asks. */
async function partsHere(
  sovereign: Sovereign,
  request: View,
  about: View,
): Promise<ReleaseRequest['partsHere']> {
  const { self, store } = sovereign;
  const asked = termsIn(request)?.parts;
  const { digests } = await store.released(request.header.issuer, about.header.id);
  const isOwn = about.header.issuer === self.state;
  return about.parts
    .filter(({ digest }) => asked === 'all' || asked?.includes(digest) === true)
    .map(({ digest, pathText, label }) => ({
      path: pathText,
      label: markingOf(sovereign, about, label),
      handed: isOwn ? digests.has(digest) : null,
    }));
}

function stateOf(
  { now }: Sovereign,
  answers: readonly View[],
  standing: readonly Standing[],
  replyBySeconds: number | undefined,
): ReleaseRequest['state'] {
  const last = answers.at(-1);
  if (last === undefined) return replyBySeconds !== undefined && replyBySeconds <= now() ? 'overdue' : 'open';
  if (standing.length > 0) return 'granted';
  return wordIn(last, 'decision') === 'refuse' ? 'refused' : 'ended';
}

/**
 * Whether a consent of this state was ended before its term and whoever holds it has not confirmed that it knows: until then it
 * may go on. Only the originator asks, who alone has the receipts.
 *
 * @param answers to the request, where none of them is in force
 */
async function isEnding(
  sovereign: Sovereign,
  request: View,
  answers: readonly View[],
  said: readonly View[],
): Promise<boolean> {
  const { self, store, now } = sovereign;
  const holder = request.header.issuer;
  const records = store.records('real');
  const cut = answers.filter(
    (each) =>
      each.header.issuer === self.state &&
      wordIn(each, 'decision') === 'grant' &&
      (timeIn(each, 'notAfter') ?? 0) > now(),
  );
  for (const { header } of cut) {
    const { record, thirdParty } = termsIn(request) ?? {};
    const enders = said.filter(
      (each) =>
        each.header.issuer === self.state &&
        each.header.issuedAtSeconds >= header.issuedAtSeconds &&
        (each.header.supersedes.includes(header.id) ||
          (wordIn(each, 'decision') === 'revoke' &&
            wordIn(each, 'record') === record &&
            wordIn(each, 'holder') === holder &&
            wordIn(each, 'thirdParty') === thirdParty)),
    );
    const ids = [
      ...enders.map((each) => each.header.id),
      ...(await records.retractionsOf(header.id)).map(({ id }) => id),
    ];
    const told = await Promise.all(ids.map((id) => handedTo(sovereign, holder, id)));
    if (!told.flat().some(({ receipted, content }) => receipted && content)) return true;
  }
  return false;
}

async function held(sovereign: Sovereign, id: View['header']['id']): Promise<View | undefined> {
  const stored = await sovereign.store.records('real').get(id);
  return stored === undefined ? undefined : openReadable(sovereign, stored);
}

function textOfAnswer(answer: View): string | null {
  return textOf(answer, 'conditions') ?? textOf(answer, 'reason');
}

function textOf(view: View, field: string): string | null {
  const texts = factOf(view, field, (value) => value as TextMap);
  return texts.status === 'known' ? textIn(texts.value, 'en').text : null;
}
