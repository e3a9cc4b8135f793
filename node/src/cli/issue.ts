import { Fault } from '@comity/fault';
import type { Command } from 'commander';
import { readHumanDocument } from '../config/yaml-document.ts';
import { recordIssue } from '../operations/record.ts';
import { releasePreview } from '../operations/release.ts';
import { localUser } from '../process/local-user.ts';
import { confirm } from './ask.ts';
import { claim } from './claim.ts';
import { acceptRelayOption, authorOption, withDraft } from './draft-file.ts';
import { releasedText } from './record-text.ts';
import { previewTable } from './release.ts';
import type { Session } from './session.ts';
import { type ActingOptions, actingKey, KEY_HELP } from './signed-act.ts';

export function addIssueCommand(record: Command, session: () => Session): void {
  record
    .command('issue')
    .description('signs a draft, stores it, and releases to each peer what policy allows')
    .argument('<draft>', 'YAML or JSON draft, - for standard input')
    .option('--dry-run', 'only show who would receive which part', false)
    .option('--yes', 'do not ask before releasing', false)
    .addOption(acceptRelayOption())
    .addOption(authorOption())
    .option('--as <officer>', 'the officer who wrote it and signs that; --key proves that it is he')
    .option('--key <file>', KEY_HELP)
    .addHelpText(
      'after',
      '\nA draft names type, label and content; it is the label of the whole, and labels lowers it part by part:\n\n  type: incident\n  label: { classification: restricted, tlp: AMBER, releasableTo: [XBB] }\n  labels: { indicators: { tlp: GREEN } }\n  content:\n    title: { en: Outage of a registry }\n    stage: early-warning\n    classification: { rsitClass: availability }\n    summary: { en: The registry was down for two hours. }\n    victim: { name: Registry One }',
    )
    .action(
      async (
        file: string,
        options: {
          dryRun: boolean;
          yes: boolean;
          acceptRelay: boolean;
          author?: string;
        } & ActingOptions,
      ) => {
        const current = session();
        const key = actingKey(options);
        const author = key?.officer ?? options.author;
        if (options.author !== undefined && author !== options.author)
          throw new Fault('cli.usage', `the key is that of ${author}, who then is the author`, {
            fields: { argument: '--author' },
          });
        const document = readHumanDocument(file);
        await withDraft(document, async () => {
          let { acceptRelay } = options;
          if (options.dryRun || !options.yes) {
            const preview = await current.call(releasePreview, {
              draft: document.value,
              ...(key !== undefined && { claimedBy: key.officer }),
            });
            if (options.dryRun) {
              current.print(preview, previewTable);
              return;
            }
            current.note(previewTable(preview));
            const receivers = preview.peers
              .filter((peer) => peer.outcome === 'release')
              .map((peer) => peer.peer);
            const beyond = [...new Set(preview.relay.map(({ state }) => state))];
            const warned =
              beyond.length === 0 ? '' : `Its label lets others hand parts on to ${beyond.join(', ')}. `;
            await confirm(
              receivers.length === 0
                ? `${warned}Sign it? No peer receives any of it.`
                : `${warned}Sign it and release to ${receivers.join(', ')} as shown?`,
              false,
            );
            // Whoever has seen the warnings and says yes accepts them.
            acceptRelay ||= beyond.length > 0;
          }
          const result = await current.call(recordIssue, {
            drafts: [document.value],
            acceptRelay,
            ...(author !== undefined && { author }),
            user: localUser(),
          });
          if (key !== undefined) await claim(current, key, result.records);
          current.print(result, ({ records }) => records.map(releasedText).join('\n'));
        });
      },
    );
}
