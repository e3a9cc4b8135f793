import { type DocumentFault, DocumentFaults, type FaultCode } from '@comity/fault';

/** Keys and indexes from the root of a draft. */
export type DraftPath = readonly (string | number)[];

/** Gathers all faults of a draft, so that its author corrects them in one go. */
export class DraftFaults {
  private readonly found: DocumentFault[] = [];

  /** Adds a fault. The message never quotes the draft: it may be shown where the content may not. */
  add(code: FaultCode, path: DraftPath, message: string): undefined {
    this.found.push({ code, path, message });
    return undefined;
  }

  get count(): number {
    return this.found.length;
  }

  get all(): readonly DocumentFault[] {
    return this.found;
  }

  /** @throws DocumentFaults unless there are none */
  throwIfAny(): void {
    if (this.found.length > 0) throw new DocumentFaults(this.found);
  }

  /** A map of a document, or undefined with a fault. Keys other than those named are faults, each at its path. */
  readMap(
    value: unknown,
    at: DraftPath,
    keys: ReadonlySet<string>,
  ): Readonly<Record<string, unknown>> | undefined {
    if (!isPlainMap(value)) return this.add('record.bad-value', at, 'expected a map');
    for (const key of Object.keys(value)) {
      if (!keys.has(key))
        this.add(
          'record.unknown-field',
          [...at, key],
          `there is no such field; expected one of ${[...keys].join(', ')}`,
        );
    }
    return value;
  }
}

/** Whether a value is a map as YAML and JSON give it, not an object of some class. */
export function isPlainMap(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
