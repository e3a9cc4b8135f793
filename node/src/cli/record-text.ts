import { styleText } from 'node:util';
import type { z } from 'zod';
import type { issuedRecord, recordShow } from '../operations/record.ts';
import { formatTime, type RecordSummary } from '../operations/shapes.ts';
import { counted } from './counted.ts';
import { safeText, shorten } from './safe-text.ts';
import { table } from './table.ts';

type Released = z.infer<typeof issuedRecord>;

export function releasedText(record: Released): string {
  const to =
    record.released.length === 0
      ? 'released to nobody'
      : `released to ${record.released.map((each) => `${each.peer} (${counted(each.parts, 'part')})`).join(', ')}`;
  return `${record.id}  ${safeText(record.subject)}  ${to}`;
}

export function recordTable(records: readonly RecordSummary[]): string {
  if (records.length === 0) return 'no records';
  return table(
    ['id', 'type', 'issuer', 'issued', 'parts', 'status', 'title', 'label'],
    records.map((each) => [
      each.id.slice(0, 12),
      each.type,
      each.issuer,
      each.issuedAt,
      String(each.parts),
      each.status,
      shorten(each.title ?? '(withheld)', 52),
      each.label,
    ]),
    (text) => styleText('bold', text, { stream: process.stdout }),
  );
}

type Shown = z.output<typeof recordShow.result>;

export function showText(shown: Shown): string {
  const { record } = shown;
  const lines = [
    styleText('bold', record.label, { stream: process.stdout }),
    '',
    safeText(record.title ?? '(title withheld)'),
    `${record.type} ${safeText(record.subject)}, ${record.status}`,
    `id        ${record.id}`,
    `issuer    ${record.issuer}, signed ${record.issuedAt}${shown.receivedAt === null ? '' : `; received ${shown.receivedAt} from ${shown.sources.join(', ')}`}`,
    `envelope  ${shown.envelopeLabel}`,
  ];
  if (shown.supersedes.length > 0) lines.push(`replaces  ${shown.supersedes.join(', ')}`);
  if (shown.supersededBy.length > 0) lines.push(`REPLACED by ${shown.supersededBy.join(', ')}`);
  if (shown.retracts !== null) lines.push(`retracts  ${shown.retracts}`);
  if (shown.retractedBy.length > 0) lines.push(`RETRACTED by ${shown.retractedBy.join(', ')}`);
  lines.push(...shown.orders.map(takenBackText));
  if (shown.retainedBecause !== null) lines.push(`RETAINED  ${safeText(shown.retainedBecause)}`);
  lines.push(
    '',
    table(
      ['part', 'value', 'label'],
      shown.parts.map((part) => [part.path, partText(part), part.label]),
    ),
  );
  lines.push(
    '',
    shown.mayBeWithheld === 0
      ? 'nothing is withheld from this node'
      : `${counted(shown.mayBeWithheld, 'digest')} without content: withheld parts and padding, which look alike`,
  );
  if (shown.raw !== undefined)
    lines.push(
      '',
      'COSE',
      shown.raw.cose,
      '',
      'diagnostic',
      safeText(shown.raw.diagnostic).replaceAll('\\u{a}', '\n'),
    );
  return lines.join('\n');
}

/** That a record, or some of it, was taken back: what is read here may not be used as if it were not. */
function takenBackText(order: Shown['orders'][number]): string {
  const what = order.kind === 'narrow' ? `${counted(order.parts ?? 0, 'part')} TAKEN BACK` : 'TAKEN BACK';
  const note = order.note === null ? '' : `: ${shorten(order.note, 200)}`;
  const fate = order.state === 'issued' ? '' : `; here ${order.state} ${order.at}`;
  return `${what} by ${order.issuer} ${order.issuedAt}, ${safeText(order.reason)}${note}${fate} (order ${order.order.slice(0, 12)})`;
}

/** Which record it is that something irreversible is to be done with: uncut, so that nobody destroys another one. */
export function namedInFull({ id, type, title, label }: RecordSummary): string {
  return [label, `${type}  ${safeText(title ?? '(title withheld)')}`, `id ${id}`].join('\n');
}

/** A part as one line: of a list also how much of it is not here, so that it is not taken for all that there is. */
export function partText({ path, value, redactedElements = 0 }: Shown['parts'][number]): string {
  const text = shorten(valueText(path, value), 76);
  if (redactedElements === 0) return text;
  const are = redactedElements === 1 ? 'is' : 'are';
  const missing = `(${counted(redactedElements, 'element')} ${are} not shown here: withheld, or padding)`;
  return text === '' ? missing : `${text} ${missing}`;
}

/** The value of a part as one line. */
export function valueText(path: string, value: unknown): string {
  // A part that is made of parts: they follow it.
  if (value === null) return '';
  if (typeof value === 'string') return value;
  // By the naming rule of records, times are whole seconds in fields that end in At.
  if (typeof value === 'number' && /At$/.test(path)) return formatTime(value);
  if (typeof value === 'object' && !Array.isArray(value)) {
    const entries = Object.entries(value);
    const [only] = entries;
    if (entries.length === 1 && typeof only?.[1] === 'string' && /^[a-z]{2,3}(-|$)/.test(only[0]))
      return `[${only[0]}] ${only[1]}`;
  }
  return JSON.stringify(value);
}
