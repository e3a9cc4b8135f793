// How many cases a law is tried on: a slice in every run of all tests, many more in npm run test:long (laws.long.ts).

let factor = 1;

/** Before the suites are loaded. */
export function lengthen(by: number): void {
  factor = by;
}

export const cases = (ofSlice: number): number => ofSlice * factor;

export const withinMs = (ofSliceMs: number): number => ofSliceMs * factor;
