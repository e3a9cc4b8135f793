import sectors from '@comity/protocol/registries/sectors.json' with { type: 'json' };
import severityScales from '@comity/protocol/registries/severity-scales.json' with { type: 'json' };

const SECTORS: ReadonlySet<string> = new Set(
  sectors.sectors.flatMap(({ id, subsectors }) => [id, ...subsectors.map((sub) => `${id}/${sub}`)]),
);

/** Whether a text is a sector or a sub-sector (`energy/electricity`). */
export function isSector(text: string): boolean {
  return SECTORS.has(text);
}

/** Scale to value to ordinal. Ordinals rise with severity, and are compared inside one scale only. */
export const SEVERITY_SCALES: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map(
  severityScales.scales.map(({ id, values }) => [
    id,
    new Map(values.map((value) => [value.id, value.ordinal])),
  ]),
);

/** The scales that have a value of this name. */
export function scalesWith(value: string): string[] {
  return [...SEVERITY_SCALES].filter(([, values]) => values.has(value)).map(([scale]) => scale);
}
