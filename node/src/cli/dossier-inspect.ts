import { type Inspection, inspectDossier, MAX_DOSSIER_BYTES } from '@comity/dossier';
import type { Command } from 'commander';
import { readBinaryFile } from '../config/binary-file.ts';
import { formatTime } from '../operations/shapes.ts';
import { counted } from './counted.ts';
import { safeText } from './safe-text.ts';
import type { Session } from './session.ts';
import { table } from './table.ts';

const UNVERIFIED =
  'NOTHING OF THIS IS VERIFIED. It is what the file says of itself, and anybody may have written it.';

/** `comity dossier inspect`: it needs no node, no home and no network, and nobody whom one trusts. */
export function addDossierInspect(parent: Command, session: () => Session): void {
  parent
    .command('inspect')
    .description(
      'lists what is in a dossier without verifying any of it: whom it is about, and whose charters to ask for',
    )
    .argument('<file>', 'the dossier')
    .addHelpText(
      'after',
      "\nWhat it lists is unverified. 'comity verify' tells what is true of it.\n\nExample:\n  comity dossier inspect case.comity",
    )
    .action((file: string) => {
      const current = session();
      const inspection = inspectDossier(readBinaryFile(file, MAX_DOSSIER_BYTES, 'document'));
      current.print({ verified: false, ...inspection }, inspectionText);
    });
}

/** What stands in a file, for people. Whatever comes from it is made safe for a terminal. */
function inspectionText(inspection: Inspection): string {
  const { federation, charters, certificates, keyStates, records, notifications } = inspection;
  const codes = new Map(
    charters.flatMap(({ state, code }) => (state && code ? [[state, code] as const] : [])),
  );
  const nameOf = (state: string | undefined): string =>
    state === undefined ? 'unreadable' : `${codes.get(state as never) ?? '?'} (${state.slice(0, 16)})`;
  const named = (list: readonly { readonly issuer?: string }[]): string => {
    const counts = new Map<string, number>();
    for (const { issuer } of list) counts.set(nameOf(issuer), (counts.get(nameOf(issuer)) ?? 0) + 1);
    return [...counts].map(([name, count]) => `${name}: ${count}`).join(', ') || 'none';
  };
  return [
    UNVERIFIED,
    '',
    `federation    ${safeText(federation)}`,
    `charters      ${charters.map(({ state, version }) => (state === undefined ? `version ${version ?? 'unreadable'}` : `${nameOf(state)}`)).join(', ') || 'none'}`,
    `certificates  ${named(certificates)}`,
    `key states    ${named(keyStates)}`,
    '',
    `${counted(records.length, 'record')}:`,
    table(
      ['record', 'says its issuer is', 'subject', 'issued', 'disclosures', 'log'],
      records.map(({ id, says, disclosures, log }) => [
        id.slice(0, 16),
        nameOf(says?.issuer),
        says === undefined ? 'unreadable' : safeText(says.subject),
        says === undefined ? '' : formatTime(says.issuedAtSeconds),
        String(disclosures),
        log === undefined ? 'none' : `of ${log.size}, ${log.signatureLines} signatures`,
      ]),
    ),
    ...(notifications.length === 0
      ? []
      : [
          '',
          `${notifications.length} notifications:`,
          table(
            ['from', 'to', 'record'],
            notifications.map(({ sender, recipient, record }) => [
              nameOf(sender),
              nameOf(recipient),
              record?.slice(0, 16) ?? 'unreadable',
            ]),
          ),
        ]),
    '',
    UNVERIFIED,
  ].join('\n');
}
