import { styleText } from 'node:util';
import type { PlainNotification, PlainStep, Verdict } from '@comity/dossier';
import {
  codeText,
  fill,
  type StepWording,
  timeText,
  type Verification,
  type VerifiedRecordReport,
  type Wording,
} from '@comity/verifier';
import { safeText, shorten } from './safe-text.ts';
import { displayWidth } from './table.ts';

const DAY_SECONDS = 86_400;

type Status = 'done' | 'failed' | 'not-done';

const COLOURS = { done: 'green', failed: 'red', 'not-done': 'yellow' } as const;
const OF_VERDICT: Readonly<Record<Verdict, Status>> = {
  VALID: 'done',
  INVALID: 'failed',
  INDETERMINATE: 'not-done',
};
/** Characters of a part that are shown: whoever wants it whole has the JSON. */
const MAX_VALUE_CHARACTERS = 400;

/** The report on a dossier for people. Whatever comes from the file is made safe for a terminal. */
export function reportText(report: Verification, wording: Wording): string {
  const { terms } = wording;
  const nameOf = stateNames(report);
  const banner = bannerOf(report, wording);
  return [
    ...banner,
    '',
    `${verdictText(report.verdict, wording)}: ${wording.verdicts[report.verdict].means}`,
    `${terms.askedAt}: ${report.asked.at}`,
    `${terms.federation}: ${safeText(report.federation)}${report.asked.federation === null ? ` (${terms.anyFederation})` : ''}`,
    `${terms.trusted}: ${report.asked.trust.map(({ state }) => nameOf(state)).join(', ')}`,
    `${terms.policy}: ${report.asked.policySha256 === null ? terms.noPolicy : `SHA-256 ${report.asked.policySha256}`}`,
    `${terms.fileDigest}: ${report.file.sha256}`,
    ...report.records.flatMap((record) => ['', ...recordLines(record, wording, nameOf)]),
    ...report.notifications.flatMap((each) => ['', ...notificationLines(each, wording, nameOf)]),
    '',
    `${terms.documents}:`,
    ...documentLines(report, wording, nameOf),
    '',
    `${terms.limits}: ${terms.limitsText}`,
    '',
    ...banner,
  ].join('\n');
}

/** States by code, and by the first digits of their ids: a code alone is no proof of who it is. */
function stateNames(report: Verification): (state: string) => string {
  const codes = new Map<string, string>();
  for (const { state, code } of report.asked.trust) if (code !== null) codes.set(state, code);
  return (state) => {
    const code = codes.get(state);
    return code === undefined ? state.slice(0, 16) : `${code} (${state.slice(0, 16)})`;
  };
}

function bannerOf({ labels, exercises, hasUnverifiedLabel }: Verification, { terms }: Wording): string[] {
  const bold = (text: string): string => styleText(['bold', 'inverse'], ` ${safeText(text)} `);
  return [
    ...(exercises.length === 0 ? [] : [bold(`${terms.exercise} (${exercises.join(', ')})`)]),
    ...labels.map(bold),
    ...(hasUnverifiedLabel ? [bold(terms.unverifiedLabel)] : []),
  ];
}

function verdictText(verdict: Verdict, { verdicts }: Wording): string {
  return styleText(['bold', COLOURS[OF_VERDICT[verdict]]], verdicts[verdict].name);
}

function recordLines(
  record: VerifiedRecordReport,
  wording: Wording,
  nameOf: (state: string) => string,
): string[] {
  const { terms } = wording;
  const { steps, issuer, parts, undisclosed = 0 } = record;
  const isAuthorised = steps.some(({ step, status }) => step === 'authority' && status === 'done');
  return [
    `${terms.record} ${record.id}: ${verdictText(record.verdict, wording)}`,
    ...record.retractedBy.map((id) => `  ! ${fill(terms.retracted, id)}`),
    ...record.supersededBy.map((id) => `  ! ${fill(terms.superseded, id)}`),
    ...record.remarks.flatMap((remark) =>
      Object.hasOwn(wording.remarks, remark)
        ? [`  ! ${wording.remarks[remark as keyof typeof wording.remarks]}`]
        : [],
    ),
    ...stepLines(steps, wording.recordSteps, wording),
    ...(issuer === undefined || isAuthorised ? [] : [`  ! ${terms.unverified}`]),
    ...(issuer === undefined
      ? []
      : [
          `  ${terms.issuer}: ${nameOf(issuer)}`,
          `  ${terms.subject}: ${safeText(record.subject ?? '')}`,
          `  ${terms.issued}: ${timeText(record.issuedAtSeconds ?? 0)}`,
        ]),
    ...(record.expiresAtSeconds === undefined
      ? []
      : [`  ${terms.expires}: ${timeText(record.expiresAtSeconds)}`]),
    ...(record.index === undefined ? [] : [`  ${fill(terms.logged, record.index + 1, record.size ?? 0)}`]),
    ...(record.trustedSeconds === undefined
      ? []
      : [`  ${terms.trustedTime}: ${timeText(record.trustedSeconds)}`]),
    ...(record.keyState === undefined
      ? []
      : [
          `  ${fill(terms.keyState, record.keyState.version, Math.floor(record.keyState.ageSeconds / DAY_SECONDS))}`,
        ]),
    ...record.cosignatures.map(
      ({ state, timeSeconds }) =>
        `  ${terms.cosigned}: ${fill(terms.cosignedBy, nameOf(state), timeText(timeSeconds))}`,
    ),
    ...(parts === undefined ? [] : [`  ${terms.shown} (${safeText(record.label ?? '')}):`]),
    ...(parts ?? []).map(
      ({ path, label, value, redactedElements }) =>
        `    ${safeText(path)} [${safeText(label)}]: ${shorten(safeText(JSON.stringify(value)), MAX_VALUE_CHARACTERS)}${redactedElements === undefined ? '' : ` (${fill(terms.withheldElements, redactedElements)})`}`,
    ),
    ...(undisclosed === 0 ? [] : [`  ${fill(terms.withheld, undisclosed)}. ${terms.withheldHelp}`]),
  ];
}

function notificationLines(
  told: PlainNotification,
  wording: Wording,
  nameOf: (state: string) => string,
): string[] {
  const { terms } = wording;
  const [sender, recipient] = [nameOf(told.sender), nameOf(told.recipient)];
  return [
    `${terms.notifications}: ${verdictText(told.verdict, wording)}`,
    ...(told.timeSeconds === undefined
      ? []
      : [`  ${fill(terms.told, sender, recipient, timeText(told.timeSeconds))}`]),
    ...(told.recordId === undefined ? [] : [`  ${terms.record}: ${told.recordId}`]),
    ...stepLines(told.steps, wording.notificationSteps, wording),
    ...(told.receivedAtSeconds === undefined
      ? []
      : [`  ${fill(terms.receipt, recipient, timeText(told.receivedAtSeconds))}`]),
  ];
}

function documentLines(report: Verification, wording: Wording, nameOf: (state: string) => string): string[] {
  const { terms } = wording;
  return [
    ...report.documents.map(({ document, state, usage, ...outcome }) =>
      outcomeLine(
        `${terms[document]}${state === undefined ? '' : ` ${nameOf(state)}`}${usage === undefined ? '' : `, ${usage}`}`,
        outcome,
        wording,
      ),
    ),
    outcomeLine(terms.together, report.known, wording),
  ];
}

function stepLines<Name extends string>(
  steps: readonly PlainStep<Name>[],
  names: Readonly<Record<Name, StepWording>>,
  wording: Wording,
): string[] {
  const width = Math.max(...steps.map(({ step }) => displayWidth(names[step].name)));
  return steps.map(({ step, ...outcome }) => {
    const { name, asks } = names[step];
    return outcomeLine(name + ' '.repeat(width - displayWidth(name)), outcome, wording, asks);
  });
}

/** A check, what it asks where it passed, and otherwise why it did not, with the code for whoever looks it up. */
function outcomeLine(
  name: string,
  { status, code, why }: Pick<PlainStep<string>, 'status' | 'code' | 'why'>,
  wording: Wording,
  asks = '',
): string {
  const width = Math.max(...Object.values(wording.statuses).map(displayWidth));
  const text = wording.statuses[status];
  const shown = styleText(COLOURS[status], text) + ' '.repeat(width - displayWidth(text));
  const because =
    code !== undefined
      ? `${codeText(wording, code) ?? ''} [${code}]`
      : why !== undefined
        ? `${wording.reasons[why]} [${why}]`
        : asks;
  return `  ${shown}  ${name}  ${because}`.trimEnd();
}
