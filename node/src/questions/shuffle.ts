import type { Entropy } from '@comity/digest';

/** The list in an order that is drawn evenly from all orders (Fisher and Yates). */
export function shuffled<T>(list: readonly T[], entropy: Entropy): T[] {
  const drawn = [...list];
  for (let end = drawn.length - 1; end > 0; end -= 1) {
    const other = below(end + 1, entropy);
    [drawn[end], drawn[other]] = [drawn[other] as T, drawn[end] as T];
  }
  return drawn;
}

/** A number from 0, below a limit of at most 2^32, each alike: what would favour some of them is drawn again. */
function below(limit: number, entropy: Entropy): number {
  const fair = 2 ** 32 - (2 ** 32 % limit);
  for (;;) {
    const bytes = entropy(4);
    const number = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
    if (number < fair) return number % limit;
  }
}
