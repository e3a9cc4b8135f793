import { Fault } from '@comity/fault';
import registry from '@comity/protocol/registries/record-types.json' with { type: 'json' };
import { Option } from 'commander';

const KNOWN: ReadonlySet<string> = new Set(registry.types.map(({ id }) => id));

/** Peers of a newer version have record types that this one does not know, and keeps all the same. */
export function unknownTypeOption(): Option {
  return new Option(
    '--unknown-type',
    'take --type as given, though this version knows no such record type',
  ).default(false);
}

/** A mistyped type finds nothing, which looks like the answer that there is nothing. @throws Fault cli.usage */
export function requireKnownTypes(
  types: string | readonly string[] | undefined,
  isUnknownMeant: boolean,
): void {
  const unknown = [types ?? []].flat().find((type) => !KNOWN.has(type));
  if (unknown === undefined || isUnknownMeant) return;
  throw new Fault(
    'cli.usage',
    `no record type ${unknown}; there are ${[...KNOWN].join(', ')}. One of a newer version is meant with --unknown-type`,
    { fields: { type: unknown } },
  );
}
