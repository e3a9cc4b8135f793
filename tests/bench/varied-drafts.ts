import { Chance } from '@comity/testkit';

const SECTORS = [
  'energy/electricity',
  'energy/gas',
  'transport/rail',
  'transport/water',
  'health',
  'banking',
  'drinking-water',
];
const SEVERITIES = ['low', 'medium', 'high', 'severe'];
/** Neighbourhoods of states that records are for. */
const CIRCLES = 5;

/**
 * Reports of incidents as a state would write them over the years: for everybody or for one circle of states, of several
 * sectors and severities, with more or fewer parts, each with one of a few labels. Eleven parts on average.
 *
 * @param codes of the states that the labels name
 */
export class VariedDrafts {
  readonly #codes: readonly string[];
  readonly #chance = new Chance(4);

  constructor(codes: readonly string[]) {
    this.#codes = codes;
  }

  next(): object {
    const circle = this.#draw(CIRCLES + 1);
    const size = this.#codes.length / CIRCLES;
    const some = circle === CIRCLES ? this.#codes : this.#codes.slice(circle * size, (circle + 1) * size);
    const open = { classification: 'unclassified', tlp: 'GREEN', releasableTo: some };
    const limited = { classification: 'restricted', tlp: 'GREEN', releasableTo: some };
    const indicators = Array.from({ length: this.#draw(4) }, (_, index) => ({
      id: `i-${index}`,
      type: 'domain',
      value: `host-${index}.invalid.example`,
    }));
    return {
      type: 'incident',
      label: { classification: 'restricted', tlp: 'AMBER', releasableTo: some },
      envelope: open,
      labels: {
        title: open,
        stage: open,
        ...(this.#draw(2) === 0 && { summary: open }),
        severity: limited,
        ...(indicators.length > 0 && { 'indicators[*]': limited }),
      },
      content: {
        title: { en: 'Phishing against ministries' },
        summary: { en: 'Mail with a link; no credential was entered, the host is blocked.' },
        stage: 'notification',
        severity: { scale: 'us-nciss', value: this.#pick(SEVERITIES) },
        sectors: [this.#pick(SECTORS)],
        ...(indicators.length > 0 && { indicators }),
        ...(this.#draw(2) === 0 && { victim: { name: 'Registry One', country: 'XAR' } }),
        ...(this.#draw(3) === 0 && { tags: ['phishing', 'wave'] }),
      },
    };
  }

  #draw(below: number): number {
    return this.#chance.between(0, below - 1);
  }

  #pick(words: readonly string[]): string {
    return words[this.#draw(words.length)] as string;
  }
}

/**
 * A policy of so many rules for these states: each permits one of them some parts, of some sectors or from a severity on.
 *
 * @param seed another seed makes another policy of the same kind
 */
export function variedPolicy(codes: readonly string[], rules: number, seed: number): object {
  const chance = new Chance(seed);
  const pick = <T>(list: readonly T[]): T => list[chance.between(0, list.length - 1)] as T;
  const CONDITIONS = [
    {},
    { sector: [pick(SECTORS)] },
    { sector: [pick(SECTORS), pick(SECTORS)] },
    { severity: { scale: 'us-nciss', 'at-least': pick(SEVERITIES) } },
  ];
  const PARTS = [['title', 'stage'], ['summary', 'severity'], ['indicators', 'tags'], ['victim']];
  return {
    comity: 'policy/1',
    rules: Array.from({ length: rules }, (_, index) => ({
      name: `rule-${index}`,
      to: [pick(codes), pick(codes)]
        .slice(0, index % 2 === 0 ? 1 : 2)
        .filter((code, place, all) => all.indexOf(code) === place),
      mode: ['push', 'query'],
      purpose: ['incident-response'],
      when: { type: 'incident', ...pick(CONDITIONS) },
      parts: pick(PARTS),
      ...(index % 20 === 19 && { effect: 'forbid' }),
    })),
  };
}
