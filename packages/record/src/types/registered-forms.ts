// Forms that registries give, of fields that several types have.

import { holding, listOf, mapOf } from './collection-forms.ts';
import { oneOf, registered, type ValueForm } from './form.ts';
import { isSector, isSeverityScale, severityOrdinal } from './registries.ts';
import { identifier } from './text-forms.ts';

export const sector: ValueForm = registered('sectors.json', isSector);

export const sectors: ValueForm = listOf(sector, 32);

/** How severe something is: values of two scales are not compared (record-types.md 4.4). */
export const severity: ValueForm = holding(
  mapOf({ scale: registered('severity-scales.json', isSeverityScale), value: identifier() }, [
    'scale',
    'value',
  ]),
  'value',
  (map) =>
    severityOrdinal(map.get('scale'), map.get('value')) === undefined ? 'a value of the scale' : undefined,
);

/** How probable something is held to be (record-types.md §18). */
export const likelihood: ValueForm = oneOf(
  ...['almost-no-chance', 'very-unlikely', 'unlikely', 'roughly-even-chance'],
  ...['likely', 'very-likely', 'almost-certain'],
);
