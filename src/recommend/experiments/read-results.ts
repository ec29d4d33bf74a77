import { BUCKETS } from '../../catalogue/allot-buckets.js';
import type { Events, Experiment } from '../../catalogue/catalogue.js';
import { type Between, clusteredRate, type PersonCount, rateDifference } from './compare-rates.js';
import { splitFault } from './split-fault.js';

export interface VariantResult {
  readonly name: string;
  readonly people: number;
  readonly impressions: number;
  readonly successes: number;
  readonly rate: Between | null;
  /** Its rate less that of the first variant. */
  readonly difference: Between | null;
  readonly says: string;
}

export interface Results {
  readonly name: string;
  readonly variants: readonly VariantResult[];
  readonly warnings: readonly string[];
}

/** Impressions read at a time, so that others are answered between. */
const PAGE = 2_000;
/** People of a variant below which nothing is said of it. */
const FEW_PEOPLE = 30;

/** How the variants of an experiment do, over the impressions that name it. */
export async function readResults(events: Pick<Events, 'outcomes'>, experiment: Experiment): Promise<Results> {
  const { collection, name } = experiment;
  const people = new Map<string, { variant: string; mixed: boolean; shown: number; successes: number }>();
  for (let after = 0; ; ) {
    const page = await events.outcomes(collection, experiment, { after, limit: PAGE });
    for (const { who, variant, success: succeeded } of page) {
      const person = people.get(who) ?? { variant, mixed: false, shown: 0, successes: 0 };
      if (person.variant !== variant) person.mixed = true;
      person.shown += 1;
      if (succeeded) person.successes += 1;
      people.set(who, person);
    }
    const last = page.at(-1);
    if (!last || page.length < PAGE) break;
    after = last.place;
  }
  const pure = [...people.values()].filter(({ mixed }) => !mixed);
  const groups = experiment.variants.map((variant) => pure.filter((person) => person.variant === variant.name));
  return {
    name,
    variants: experiment.variants.map((variant, i) => resultOf(variant.name, groups[i]!, i === 0 ? null : groups[0]!)),
    warnings: warningsOf(experiment, { groups, mixed: people.size - pure.length }),
  };
}

function resultOf(name: string, people: readonly PersonCount[], first: readonly PersonCount[] | null): VariantResult {
  const rate = clusteredRate(people);
  const base = first && clusteredRate(first);
  const difference = rate && base ? rateDifference(rate, base) : null;
  return {
    name,
    people: people.length,
    impressions: people.reduce((sum, { shown }) => sum + shown, 0),
    successes: people.reduce((sum, { successes }) => sum + successes, 0),
    rate,
    difference,
    says: inWords({ rate, difference, fewest: Math.min(people.length, first?.length ?? people.length) }),
  };
}

function inWords({
  rate,
  difference,
  fewest,
}: Pick<VariantResult, 'rate' | 'difference'> & { readonly fewest: number }): string {
  if (!rate) return 'Nothing was shown yet.';
  const share = `${percent(rate.value)} of what was shown led to a success (${percent(rate.low)} to ${percent(rate.high)})`;
  if (!difference) return `${share}.`;
  if (fewest < FEW_PEOPLE) return `${share}; too few people to compare it with the first variant.`;
  const points = `${signed(difference.value)} points (${signed(difference.low)} to ${signed(difference.high)})`;
  if (difference.low > 0) return `${share}; better than the first variant, by ${points}.`;
  if (difference.high < 0) return `${share}; worse than the first variant, by ${points}.`;
  return `${share}; no difference to the first variant is shown: ${points}.`;
}

const percent = (share: number): string => `${(100 * share).toFixed(2)}%`;
const signed = (share: number): string => `${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(2)}`;

function warningsOf(
  { variants, buckets }: Experiment,
  { groups, mixed }: { readonly groups: readonly (readonly PersonCount[])[]; readonly mixed: number },
): string[] {
  const shareOf = (name: string) =>
    buckets.filter(([owner]) => owner === name).reduce((sum, [, count]) => sum + count, 0) / BUCKETS;
  const split = splitFault(groups.map((people, i) => ({ people: people.length, share: shareOf(variants[i]!.name) })));
  return [
    ...(mixed > 0
      ? [
          `${mixed} people were shown more than one variant (the shares were changed, or impressions name another): they are left out.`,
        ]
      : []),
    ...(split
      ? [
          'People are not split as the shares say, by more than chance: unless the shares were changed, somebody is lost on the way, and these figures can not be trusted.',
        ]
      : []),
  ];
}
