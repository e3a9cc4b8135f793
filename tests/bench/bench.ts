/** One measured number. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  /** `records/s`, `ms`, `bytes` …; empty for a plain ratio or count. */
  readonly unit: string;
  /** What the figure is held against, for people: `at least 0.25`. Never a reason to fail. */
  readonly target?: string;
}

/** What the benches of one run share. */
export interface Run {
  /** Figures of a bench, measured once per run: a ratio compares two things that the same machine did just now. */
  figures(bench: Bench): Promise<readonly Figure[]>;
  /** How much is measured, 1 by default. Less gives a quick look, and figures that say little. */
  readonly scale: number;
  /** Says on standard error what is under way. */
  note(text: string): void;
}

export interface Bench {
  readonly name: string;
  /** The question that the figures answer. */
  readonly question: string;
  run(run: Run): Promise<readonly Figure[]>;
}

/** The figure of this name. */
export function figureNamed(figures: readonly Figure[], name: string): Figure {
  const found = figures.find((figure) => figure.name === name);
  if (found === undefined) throw new Error(`no figure ${name}`);
  return found;
}

/** The value below which this share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN;
}
