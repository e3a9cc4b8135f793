import rsit from '@comity/protocol/registries/rsit.json' with { type: 'json' };
import sectors from '@comity/protocol/registries/sectors.json' with { type: 'json' };
import severityScales from '@comity/protocol/registries/severity-scales.json' with { type: 'json' };

const SECTORS: ReadonlySet<string> = new Set(
  sectors.sectors.flatMap(({ id, subsectors }) => [
    id,
    ...subsectors.map((subsector) => `${id}/${subsector}`),
  ]),
);

const RSIT_TYPES: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  rsit.classes.map(({ id, types }) => [id, new Set(types)]),
);

const SEVERITY_ORDINALS: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map(
  severityScales.scales.map(({ id, values }) => [
    id,
    new Map(values.map((value) => [value.id, value.ordinal])),
  ]),
);

/** Whether a text names a sector or, as `sector/sub-sector`, a sub-sector (sectors.json). */
export function isSector(text: string): boolean {
  return SECTORS.has(text);
}

/** Whether a text names a class of RSIT (rsit.json). */
export function isRsitClass(text: string): boolean {
  return RSIT_TYPES.has(text);
}

/** Whether a type belongs to a class of RSIT. */
export function isRsitType(rsitClass: unknown, rsitType: unknown): boolean {
  return RSIT_TYPES.get(rsitClass as string)?.has(rsitType as string) === true;
}

/** Whether a text names a severity scale (severity-scales.json). */
export function isSeverityScale(text: string): boolean {
  return SEVERITY_ORDINALS.has(text);
}

/** How severe a value is inside its scale, rising with severity; undefined where scale or value is not known. */
export function severityOrdinal(scale: unknown, value: unknown): number | undefined {
  return SEVERITY_ORDINALS.get(scale as string)?.get(value as string);
}
