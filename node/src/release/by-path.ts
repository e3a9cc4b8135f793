const order = new Intl.Collator('en', { numeric: true });

/** Orders paths of parts for people: by name, and the elements of a list by number. */
export function byPath(a: string, b: string): number {
  return order.compare(a, b);
}
