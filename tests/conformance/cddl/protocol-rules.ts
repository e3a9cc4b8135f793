import { readdirSync, readFileSync } from 'node:fs';
import { type CddlType, parseGrammar } from './grammar.ts';
import type { Rules } from './matches.ts';

const PROTOCOL = new URL('../../../protocol/', import.meta.url);

/** Each grammar of protocol/ by its file name. */
export function protocolGrammars(): ReadonlyMap<string, Rules> {
  const names = readdirSync(PROTOCOL).filter((name) => name.endsWith('.cddl'));
  return new Map(names.map((name) => [name, parseGrammar(readFileSync(new URL(name, PROTOCOL), 'utf8'))]));
}

/** The rules of all grammars together: they refer to each other, and each name is defined once. */
export function protocolRules(): Rules {
  return new Map<string, CddlType>([...protocolGrammars().values()].flatMap((grammar) => [...grammar]));
}
