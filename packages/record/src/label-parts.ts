import type { CborValue } from '@comity/cbor';
import { dominates, type Label } from '@comity/label';
import type { DraftContent, DraftField } from './draft.ts';
import type { PlainContent } from './draft-content.ts';
import type { DraftFaults } from './draft-faults.ts';
import { type InheritedLabel, type LabelContext, overrideLabel } from './draft-label.ts';
import { type DraftPlace, type LabelRule, rulesFor } from './label-rule.ts';

/** Puts labels on the parts of a draft: each inherits from the part it stands in, and rules override. */
export class PartLabeller {
  private readonly rules: readonly LabelRule[];
  private readonly overall: Label | undefined;
  private readonly context: LabelContext;
  private readonly faults: DraftFaults;
  private readonly applied = new Map<LabelRule, Map<InheritedLabel, InheritedLabel>>();

  constructor(
    rules: readonly LabelRule[],
    overall: Label | undefined,
    context: LabelContext,
    faults: DraftFaults,
  ) {
    this.rules = rules;
    this.overall = overall;
    this.context = context;
    this.faults = faults;
  }

  labelFields(
    fields: ReadonlyMap<string, PlainContent>,
    inherited: InheritedLabel,
    place: DraftPlace = [],
  ): readonly DraftField[] {
    return [...fields].flatMap(([name, content]) => {
      const labelled = this.labelPart(content, inherited, [...place, name]);
      return labelled === undefined ? [] : [{ name, ...labelled }];
    });
  }

  /**
   * Rules that met no part are read all the same, for their faults. One for a position must meet an element: unlike the
   * others it cannot be meant for other drafts.
   */
  finish(overall: InheritedLabel): void {
    for (const rule of this.rules) {
      if (this.applied.has(rule)) continue;
      this.apply(rule, overall);
      if (rule.steps.some((step) => step.kind === 'index')) {
        const message = 'expected the position of an element of the draft';
        this.faults.add('record.unmatched-label-path', rule.at, message);
      }
    }
  }

  private labelPart(
    content: PlainContent,
    inherited: InheritedLabel,
    place: DraftPlace,
  ): { readonly label: Label; readonly content: DraftContent } | undefined {
    const own = this.override(inherited, place);
    const labelled = this.labelContent(content, own, place);
    // Without a label the draft has faults and is not made.
    return own.label === undefined ? undefined : { label: own.label, content: labelled };
  }

  private labelContent(content: PlainContent, own: InheritedLabel, place: DraftPlace): DraftContent {
    switch (content.kind) {
      case 'value':
        return content;
      case 'fields':
        return { kind: 'fields', fields: this.labelFields(content.fields, own, place) };
      case 'elements': {
        const elements = content.elements.flatMap((element, index) => {
          const labelled = this.labelPart(element, own, [...place, { index, value: plainValueOf(element) }]);
          return labelled === undefined ? [] : [labelled];
        });
        return { kind: 'elements', elements };
      }
    }
  }

  private override(inherited: InheritedLabel, place: DraftPlace): InheritedLabel {
    let own = inherited;
    for (const rule of rulesFor(this.rules, place)) {
      own = this.apply(rule, own);
    }
    return own;
  }

  /** Once for each label it is put on, however many elements inherit that: one fault, and one label object. */
  private apply(rule: LabelRule, inherited: InheritedLabel): InheritedLabel {
    let results = this.applied.get(rule);
    if (results === undefined) {
      results = new Map();
      this.applied.set(rule, results);
    }
    let own = results.get(inherited);
    if (own === undefined) {
      own = this.overridden(rule, inherited);
      results.set(inherited, own);
    }
    return own;
  }

  private overridden(rule: LabelRule, inherited: InheritedLabel): InheritedLabel {
    const own = overrideLabel(inherited, rule.override, rule.at, this.context, this.faults);
    const { overall, context } = this;
    if (own.label !== undefined && overall !== undefined && !dominates(overall, own.label, context.scheme)) {
      const message = 'the label of the record does not dominate the label of this part';
      this.faults.add('record.label-below-part', rule.at, message);
    }
    return own;
  }
}

function plainValueOf(content: PlainContent): CborValue | undefined {
  return content.kind === 'value' ? content.value : undefined;
}
