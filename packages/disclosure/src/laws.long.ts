// npm run test:long: the laws about decisions, on twenty times as many cases.

import { lengthen } from './slice.test-support.ts';

lengthen(20);
await import('./letters.test.ts');
await import('./monotone.test.ts');
await import('./properties.test.ts');
