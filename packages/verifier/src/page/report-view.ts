import type { PlainNotification, PlainStep, Verdict } from '@comity/dossier';
import type { Json } from '@comity/record';
import { timeText, type Verification, type VerifiedRecordReport } from '../verification.ts';
import { codeText, fill, type StepWording, type Wording } from '../wording.ts';
import { code, element, filled, foreign } from './element.ts';

type Outcome = Pick<PlainStep<string>, 'status' | 'code' | 'why'>;

const MARKS = { done: '✓', failed: '✕', 'not-done': '–' } as const;
const CLASSES: Readonly<Record<Verdict, string>> = {
  VALID: 'done',
  INVALID: 'failed',
  INDETERMINATE: 'not-done',
};

/** The marking of all that the file shows; stands above and below it, and in print. */
export function bannerView(
  { labels, exercises, hasUnverifiedLabel }: Verification,
  { terms }: Wording,
): HTMLElement {
  return element(
    'div',
    { class: 'banner', role: 'note' },
    exercises.length === 0
      ? undefined
      : element('p', { class: 'exercise' }, terms.exercise, ' (', foreign(exercises.join(', ')), ')'),
    labels.map((label) => element('p', {}, foreign(label))),
    hasUnverifiedLabel ? element('p', {}, terms.unverifiedLabel) : undefined,
  );
}

/** The report, with what each check asks and why it came out as it did. */
export function reportView(report: Verification, wording: Wording): HTMLElement[] {
  const { terms, verdicts } = wording;
  const nameOf = stateNames(report);
  const { asked, verdict } = report;
  return [
    element(
      'section',
      { class: `verdict ${CLASSES[verdict]}` },
      element('h2', { tabindex: '-1' }, `${terms.result}: ${verdicts[verdict].name}`),
      element('p', {}, verdicts[verdict].means),
      facts([
        [terms.askedAt, code(asked.at)],
        [
          terms.federation,
          foreign(report.federation),
          asked.federation === null ? ` (${terms.anyFederation})` : undefined,
        ],
        [terms.trusted, ...separated(asked.trust.map(({ state }) => nameOf(state)))],
        [terms.policy, asked.policySha256 === null ? terms.noPolicy : code(`SHA-256 ${asked.policySha256}`)],
        [terms.fileDigest, code(report.file.sha256)],
      ]),
    ),
    element(
      'section',
      {},
      element('h2', {}, `${terms.records} (${report.records.length})`),
      report.records.map((record) => recordView(record, wording, nameOf, report.records.length === 1)),
    ),
    ...(report.notifications.length === 0
      ? []
      : [
          element(
            'section',
            {},
            element('h2', {}, `${terms.notifications} (${report.notifications.length})`),
            report.notifications.map((each) => notificationView(each, wording, nameOf)),
          ),
        ]),
    element(
      'section',
      {},
      element('h2', {}, terms.documents),
      element(
        'ul',
        { class: 'checks' },
        report.documents.map(({ document: kind, state, usage, ...outcome }) =>
          checkView(
            [
              terms[kind],
              ' ',
              state === undefined ? '' : nameOf(state),
              usage === undefined ? '' : `, ${usage}`,
            ],
            outcome,
            wording,
          ),
        ),
        checkView([terms.together], report.known, wording),
      ),
    ),
    element(
      'section',
      { class: 'limits' },
      element('h2', {}, terms.limits),
      element('p', {}, terms.limitsText),
    ),
  ];
}

/** States by code, and by the first digits of their ids: a code alone does not say who it is. */
function stateNames({ asked }: Verification): (state: string) => HTMLElement {
  const codes = new Map<string, string>();
  for (const { state, code: known } of asked.trust) if (known !== null) codes.set(state, known);
  return (state) =>
    element(
      'span',
      { class: 'state', dir: 'ltr', title: state },
      foreign(codes.get(state) ?? ''),
      ' ',
      code(state.slice(0, 16)),
    );
}

function recordView(
  record: VerifiedRecordReport,
  wording: Wording,
  nameOf: (state: string) => HTMLElement,
  isOpen: boolean,
): HTMLElement {
  const { terms } = wording;
  const { steps, issuer, parts, undisclosed = 0 } = record;
  const isAuthorised = steps.some(({ step, status }) => step === 'authority' && status === 'done');
  const isVerified = record.verdict === 'VALID';
  return element(
    'details',
    { class: 'item', open: isOpen || !isVerified ? true : undefined },
    element(
      'summary',
      {},
      verdictView(record.verdict, wording),
      ' ',
      titleView(record, wording),
      ' ',
      code(record.id.slice(0, 16)),
    ),
    record.retractedBy.map((id) => element('p', { class: 'notice' }, filled(terms.retracted, code(id)))),
    record.supersededBy.map((id) => element('p', { class: 'notice' }, filled(terms.superseded, code(id)))),
    record.remarks.flatMap((remark) =>
      Object.hasOwn(wording.remarks, remark)
        ? [element('p', { class: 'notice' }, wording.remarks[remark as keyof typeof wording.remarks])]
        : [],
    ),
    element('h3', {}, terms.checks),
    checksView(steps, wording.recordSteps, wording),
    issuer !== undefined && !isAuthorised ? element('p', { class: 'notice' }, terms.unverified) : undefined,
    issuer === undefined
      ? undefined
      : facts([
          [terms.issuer, nameOf(issuer)],
          [terms.subject, foreign(record.subject ?? '')],
          [terms.issued, code(timeText(record.issuedAtSeconds ?? 0))],
          ...(record.expiresAtSeconds === undefined
            ? []
            : [[terms.expires, code(timeText(record.expiresAtSeconds))] as const]),
          ...(record.trustedSeconds === undefined
            ? []
            : [[terms.trustedTime, code(timeText(record.trustedSeconds))] as const]),
          ...record.cosignatures.map(
            ({ state, timeSeconds }) =>
              [terms.cosigned, filled(terms.cosignedBy, nameOf(state), code(timeText(timeSeconds)))] as const,
          ),
        ]),
    record.keyState === undefined
      ? undefined
      : element(
          'p',
          {},
          fill(terms.keyState, record.keyState.version, Math.floor(record.keyState.ageSeconds / 86_400)),
        ),
    record.index === undefined
      ? undefined
      : element('p', {}, fill(terms.logged, record.index + 1, record.size ?? 0)),
    parts === undefined ? undefined : element('h3', {}, terms.shown),
    (parts ?? []).map(({ path, label, value, redactedElements }) =>
      element(
        'div',
        { class: 'part' },
        element('p', { class: 'path' }, foreign(path), ' ', foreign(label, 'label')),
        valueView(value, wording),
        redactedElements === undefined
          ? undefined
          : element('p', { class: 'withheld' }, fill(terms.withheldElements, redactedElements)),
      ),
    ),
    undisclosed === 0
      ? undefined
      : element(
          'p',
          { class: 'withheld' },
          element('strong', {}, fill(terms.withheld, undisclosed)),
          ' ',
          terms.withheldHelp,
        ),
  );
}

/** What people call a record: its title in their language where it is shown, else what it is about. */
function titleView({ parts, subject, type }: VerifiedRecordReport, wording: Wording): HTMLElement {
  const title = parts?.find(({ path }) => path === 'title')?.value;
  return foreign((title !== undefined && textIn(title, wording)) || subject || type || '');
}

function textIn(value: Json, { language }: Wording): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const texts = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const own = texts.find(([tag]) => tag.split('-')[0] === language) ?? texts.find(([tag]) => tag === 'en');
  return (own ?? texts[0])?.[1];
}

function valueView(value: Json, wording: Wording): HTMLElement {
  if (typeof value === 'string') return element('p', { class: 'value' }, foreign(value));
  if (typeof value !== 'object' || value === null)
    return element('p', { class: 'value' }, code(JSON.stringify(value)));
  if (Array.isArray(value))
    return element(
      'ul',
      { class: 'value' },
      value.map((each) => element('li', {}, valueView(each, wording))),
    );
  return element(
    'dl',
    { class: 'value' },
    Object.entries(value).flatMap(([key, each]) => [
      element('dt', {}, foreign(key)),
      element('dd', {}, valueView(each, wording)),
    ]),
  );
}

function notificationView(
  told: PlainNotification,
  wording: Wording,
  nameOf: (state: string) => HTMLElement,
): HTMLElement {
  const { terms } = wording;
  return element(
    'details',
    { class: 'item', open: told.verdict === 'VALID' ? undefined : true },
    element(
      'summary',
      {},
      verdictView(told.verdict, wording),
      ' ',
      told.timeSeconds === undefined
        ? element('span', {}, nameOf(told.sender), ' → ', nameOf(told.recipient))
        : element(
            'span',
            {},
            filled(terms.told, nameOf(told.sender), nameOf(told.recipient), code(timeText(told.timeSeconds))),
          ),
    ),
    told.recordId === undefined ? undefined : facts([[terms.record, code(told.recordId)]]),
    checksView(told.steps, wording.notificationSteps, wording),
    told.receivedAtSeconds === undefined
      ? undefined
      : element(
          'p',
          {},
          filled(terms.receipt, nameOf(told.recipient), code(timeText(told.receivedAtSeconds))),
        ),
  );
}

function verdictView(verdict: Verdict, { verdicts }: Wording): HTMLElement {
  return element('span', { class: `badge ${CLASSES[verdict]}` }, verdicts[verdict].name);
}

function checksView<Name extends string>(
  steps: readonly PlainStep<Name>[],
  names: Readonly<Record<Name, StepWording>>,
  wording: Wording,
): HTMLElement {
  return element(
    'ul',
    { class: 'checks' },
    steps.map((step) => {
      const { name, asks } = names[step.step];
      return checkView([element('strong', {}, name)], step, wording, asks);
    }),
  );
}

function checkView(
  name: readonly (Node | string)[],
  { status, code: failure, why }: Outcome,
  wording: Wording,
  asks?: string,
): HTMLElement {
  const because =
    failure !== undefined
      ? [codeText(wording, failure) ?? '', ' ', code(failure)]
      : why !== undefined
        ? [wording.reasons[why], ' ', code(why)]
        : [];
  return element(
    'li',
    { class: status },
    element('span', { class: 'mark', 'aria-hidden': 'true' }, MARKS[status]),
    element(
      'div',
      {},
      element('p', {}, ...name, ' ', element('span', { class: 'status' }, wording.statuses[status])),
      asks === undefined ? undefined : element('p', { class: 'asks' }, asks),
      because.length === 0 ? undefined : element('p', { class: 'because' }, ...because),
    ),
  );
}

type Fact = readonly [name: string, ...value: readonly (Node | string | undefined)[]];

function facts(rows: readonly Fact[]): HTMLElement {
  return element(
    'dl',
    { class: 'facts' },
    rows.flatMap(([name, ...value]) => [element('dt', {}, name), element('dd', {}, value)]),
  );
}

function separated(nodes: readonly Node[]): (Node | string)[] {
  return nodes.flatMap((node, place) => (place === 0 ? [node] : [', ', node]));
}
