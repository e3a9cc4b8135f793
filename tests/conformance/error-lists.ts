// What errors.md lists, made from the registry: the text between its markers.

import { codes, type FaultCode } from '@comity/fault';
import audiences from '@comity/protocol/registries/code-audiences.json' with { type: 'json' };
import exits from '@comity/protocol/registries/exit-codes.json' with { type: 'json' };
import { topicOf } from './codes-in-source.ts';

/** Topics of the protocol, in the order of its chapters, and where the clauses are that give their codes. */
export const PROTOCOL_TOPICS: readonly (readonly [topic: string, chapters: string])[] = [
  ['cbor', '[cbor.md](cbor.md)'],
  ['cose', '[keys.md](keys.md)'],
  ['ed25519', '[keys.md](keys.md)'],
  ['label', '[label.md](label.md)'],
  ['identity', '[charter.md](charter.md), [key-state.md](key-state.md), [recognition.md](recognition.md)'],
  ['fingerprint', '[recognition.md](recognition.md)'],
  ['record', '[record.md](record.md), [record-types.md](record-types.md)'],
  ['disclosure', '[disclosure.md](disclosure.md)'],
  ['policy', '[disclosure.md](disclosure.md)'],
  ['officer', '[approval.md](approval.md)'],
  ['approval', '[approval.md](approval.md)'],
  ['act', '[approval.md](approval.md)'],
  ['merkle', '[log.md](log.md)'],
  ['log', '[log.md](log.md), [witness.md](witness.md), [ledger.md](ledger.md)'],
  ['order', '[ledger.md](ledger.md)'],
  ['letter', '[letter.md](letter.md)'],
  ['exchange', '[exchange.md](exchange.md), [ledger.md](ledger.md), [query.md](query.md)'],
  ['query', '[query.md](query.md)'],
  ['dossier', '[dossier.md](dossier.md)'],
  ['conformance', '[conformance.md](conformance.md)'],
];

/** Topics of this program, and what each is about. */
const PROGRAM_TOPICS: readonly (readonly [topic: string, about: string])[] = [
  ['node', 'a node and its home'],
  ['peer', 'the states that a node recognises'],
  ['release', 'what leaves a node: labels that let others hand on more, and what officers decide'],
  ['consent', 'requests for onward release, and what an originator answers'],
  ['document', 'files that commands are given'],
  ['import', 'what is taken over from other systems'],
  ['interop', 'the formats of other systems'],
  ['config', 'the configuration of a node'],
  ['keys', 'files with private keys'],
  ['ceremony', 'ceremonies in which the holders of root keys sign'],
  ['cli', 'the command line'],
  ['store', 'what a node has on disk'],
  ['demo', 'the demonstration'],
  ['digest', 'texts of bytes inside a program'],
  ['fault', 'assumptions of the program itself'],
];

export const TOPICS: readonly string[] = [...PROTOCOL_TOPICS, ...PROGRAM_TOPICS].map(([topic]) => topic);

/** The regions of errors.md by the name in their markers. */
export const regions: Readonly<Record<string, () => string>> = {
  explain: () => ['```', ...explained('query.busy'), '```'].join('\n'),
  audiences: () =>
    table(
      ['seen by', 'who', 'how'],
      audiences.audiences.map(({ id, name, summary }) => [`\`${id}\``, name, summary]),
    ),
  'exit-codes': () =>
    table(
      ['exit', 'name', 'meaning'],
      exits.exits.map(({ exit, name, summary }) => [String(exit), name, summary]),
    ),
  codes: () =>
    [
      ...PROTOCOL_TOPICS.map(([topic, chapters]) => section(topic, `Clauses: ${chapters}.`)),
      ...PROGRAM_TOPICS.map(([topic, about]) => section(topic, `Of ${about}.`)),
    ].join('\n\n'),
};

/** A text with its regions written anew, or those of them that the registry has. */
export function withRegions(text: string): string {
  return text.replace(
    /(<!-- begin ([a-z-]+)[^\n]*-->\n).*?(<!-- end \2 -->)/gs,
    (whole, begin: string, name: string, end: string) => {
      const region = regions[name];
      return region === undefined ? whole : `${begin}\n${region()}\n\n${end}`;
    },
  );
}

/** As `comity explain` prints it. */
function explained(code: FaultCode): readonly string[] {
  const { exit, summary, seenBy, remedy } = codes[code];
  const names = audiences.audiences
    .filter(({ id }) => seenBy.some((each) => each === id))
    .map(({ id, name }) => `${id} (${name})`);
  return [
    `${code} (exit code ${exit})`,
    `  ${summary}`,
    `  Seen by: ${names.join(', ')}`,
    `  What to do: ${remedy}`,
  ];
}

function section(topic: string, said: string): string {
  const rows = Object.entries(codes)
    .filter(([code]) => topicOf(code) === topic)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { summary, seenBy, remedy }]) => [`\`${code}\``, summary, seenBy.join(', '), remedy]);
  return [`### ${topic}`, said, table(['code', 'meaning', 'seen by', 'what to do'], rows)].join('\n\n');
}

/** Not padded: a longer text changes its own row, and no other. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
