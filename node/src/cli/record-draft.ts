import { Fault } from '@comity/fault';
import registry from '@comity/protocol/registries/record-types.json' with { type: 'json' };
import { type FieldRule, type RecordType, recordTypeOf, recordTypes } from '@comity/record';
import { Argument, type Command } from 'commander';
import { stringify } from 'yaml';
import { recordAmend } from '../operations/record.ts';
import { writeNewFile } from './new-file.ts';
import type { Session } from './session.ts';

interface OutputOptions {
  readonly output?: string;
  readonly force: boolean;
}

const NEXT = [
  "'comity release preview FILE' shows who would see which part, 'comity record issue FILE' signs it.",
];
const LABEL_WORDS = [
  'The label of the whole. A part inherits it; labels gives a part another one.',
  'classification is a level of your own scheme; tlp is CLEAR, GREEN, AMBER, AMBER+STRICT or RED.',
];

/** Drafts to begin with: an empty one of a type, and one that amends a record of this state. */
export function addDraftCommands(record: Command, session: () => Session): void {
  output(
    record.command('new').description('writes a draft of a type with what can stand in it, to be filled in'),
  )
    .addArgument(new Argument('<type>', 'record type').choices(recordTypes.map(({ id }) => id)))
    .addHelpText('after', '\nExample:\n  comity record new incident -o outage.yaml')
    .action((type: string, options: OutputOptions) => {
      const draft = emptyDraft(recordTypeOf(type) as RecordType);
      hand(session(), draft, { type, draft }, options);
    });

  output(
    record
      .command('amend')
      .description(
        'writes the draft of a record that supersedes one of this state, to be changed and issued',
      ),
  )
    .argument('<id>', 'record id, or its first characters')
    .addHelpText(
      'after',
      '\nNothing is changed by it: the record stays as it is, and is superseded when the draft is issued.\n\nExample:\n  comity record amend 5acf13 -o outage-2.yaml',
    )
    .action(async (id: string, options: OutputOptions) => {
      const current = session();
      const { draft } = await current.call(recordAmend, { id });
      const text = `${commented([`Supersedes ${id}.`, ...NEXT])}${stringify(draft, { lineWidth: 0 })}`;
      hand(current, text, { draft }, options);
    });
}

function output(command: Command): Command {
  return command
    .option('-o, --output <file>', 'where the draft goes (default: standard output)')
    .option('--force', 'write over a file that is there', false);
}

function hand(session: Session, text: string, result: object, { output, force }: OutputOptions): void {
  if (output !== undefined) {
    writeNewFile(output, new TextEncoder().encode(text), { force });
    session.note(`${output}: fill it in, then 'comity record issue ${output}'`);
  } else if (force) {
    throw new Fault('cli.usage', '--force is about a file: name it with --output');
  }
  session.print({ ...result, file: output ?? null }, () => (output === undefined ? text.trimEnd() : ''));
}

/** What a type can say, in the order of its fields. What is required stands there without a value, and is refused as long as it has none. */
export function emptyDraft(type: RecordType): string {
  const registered = registry.types.find(({ id }) => id === type.id);
  const lines = [
    commented([`A draft of the type ${type.id}: ${registered?.purpose ?? ''}`, ...NEXT]).trimEnd(),
    `type: ${type.id}`,
    ...(type.aboutRecord === true ? ['# Required: the id of the record that it is about.', 'subject:'] : []),
    ...(type.retracts ? ['# Required: the id of the record that is withdrawn.', 'retracts:'] : []),
    ...(type.inExercise === true ? ['# Required: the name of the exercise.', 'exercise:'] : []),
    ...(type.expires === true
      ? ['# Required: when it ends, such as 2027-01-31T12:00:00Z.', 'expiresAt:']
      : []),
    ...(type.expires === true ? [] : ['# expiresAt: 2027-01-31T12:00:00Z']),
    commented(LABEL_WORDS).trimEnd(),
    'label:',
    '  classification:',
    ...(type.confidential === true
      ? [
          '  # Required: what is said here is for these states alone.',
          '  tlp: AMBER+STRICT',
          '  releasableTo: []',
        ]
      : ['  # tlp: AMBER', '  # releasableTo: [XBB]']),
    ...(type.confidential === true ? [] : [`# labels: { ${type.titleField}: { tlp: GREEN } }`]),
    '# A text for people stands by language: { en: …, fr: … }.',
    'content:',
    ...Object.entries(type.fields).flatMap(([name, rule]) => fieldLines(name, rule)),
  ];
  return `${lines.join('\n')}\n`;
}

function fieldLines(name: string, rule: FieldRule): readonly string[] {
  const isRequired = rule.required === true;
  const mark = isRequired ? '' : '# ';
  const word = isRequired ? 'Required: ' : '';
  switch (rule.redaction) {
    case 'whole':
      return [`  # ${word}${rule.form.expected}`, `  ${mark}${name}:`];
    case 'elements':
      return [`  # ${word}a list, each part by itself: ${rule.element.expected}`, `  ${mark}${name}: []`];
    case 'fields':
      return [
        ...(isRequired ? [`  # Required: each of these a part by itself`] : []),
        `  ${mark}${name}:`,
        ...Object.entries(rule.fields).flatMap(([inner, form]) => [
          `    # ${form.expected}`,
          `    # ${inner}:`,
        ]),
      ];
  }
}

function commented(lines: readonly string[]): string {
  return `${lines.map((line) => `# ${line}`).join('\n')}\n`;
}
