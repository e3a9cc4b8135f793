import type { Json } from '../vectors/vector.ts';

/** How large an input is, with the pieces that it says stand there several times (exchange.md §10.1). */
export function bytesOf(value: Json): number {
  if (typeof value === 'string') return value.length / 2;
  if (typeof value !== 'object' || value === null) return 1;
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + bytesOf(each), 0);
  const { hex, times } = value as { readonly [name: string]: Json };
  if (typeof hex === 'string' && typeof times === 'number') return (hex.length / 2) * times;
  return Object.values(value).reduce<number>((sum, each) => sum + bytesOf(each as Json), 0);
}
