import { fingerprint } from '../core/fingerprint.js';
import type { NoMatch } from '../recommend/no-match.js';
import type { Basis, Plan, PlanRequest } from '../recommend/planner.js';
import { type Context, signerOf } from './context.js';
import type { RecommendRequest, SearchRequest } from './contract/search-schemas.js';
import { type CursorOwner, offsetCursor, readOffset } from './cursors.js';
import { type GivenExample, isPartOfItem, resolveExamples } from './examples.js';
import { type HitAnswer, hitAnswers } from './hits.js';

/** What a search or a recommendation is made of, pictures as bytes or still to be fetched. */
export interface Asked extends Omit<Partial<RecommendRequest>, 'examples'> {
  readonly examples: readonly GivenExample[];
  readonly k: number;
  readonly minSimilarity?: SearchRequest['minSimilarity'];
  /** Whether every hit carries a score (recommendations). */
  readonly scored: boolean;
}

export interface Asking {
  readonly context: Context;
  readonly collection: string;
  /** Whether addresses of pictures are signed. */
  readonly signs: boolean;
  signal(): AbortSignal;
}

/** What a variant of an experiment says of a request: it holds over what the request says itself. */
export type Wishes = Partial<Omit<Asked, 'examples' | 'k' | 'scored'>>;

export interface SearchedAnswer {
  readonly hits: readonly HitAnswer[];
  readonly nextCursor?: string;
  readonly strategy: string;
  readonly basis: Basis;
  readonly noMatch?: NoMatch;
  readonly indexId: string | null;
  readonly modelId: string | null;
}

/** How often a picture is embedded again because another model was switched to on the way. */
const MOST_SWITCHES = 3;

/** One search: examples → plan → answer, all of one index. */
export const answerSearch = async (asking: Asking, asked: Asked): Promise<SearchedAnswer> =>
  (await answerPlanned(asking, asked)).answer;

/**
 * The same, with how many hits stand on earlier pages, and as JSON where that is at hand; pages go on where a variant's
 * wishes are changed between them.
 */
export async function answerPlanned(
  asking: Asking,
  asked: Asked,
  wishes: Wishes = {},
): Promise<{ readonly answer: SearchedAnswer; readonly text?: string; readonly offset: number }> {
  const { context, collection } = asking;
  const signer = await signerOf(context);
  const shape = shapeText(collection, asked);
  for (let attempt = 1; ; attempt++) {
    const live = await context.deps.live.get(collection);
    const owner: CursorOwner = { shape, indexId: live.indexId };
    const offset = readOffset(signer, owner, asked.cursor);
    const { examples, embeddedBy } = await resolveExamples(context, live, asked.examples, asking.signal);
    const plan = await context.deps.plan(collection, planRequest(varied(asked, wishes), examples, offset));
    const moved = embeddedBy !== null && plan.modelId !== null && plan.modelId !== embeddedBy;
    if ((moved || plan.indexId !== owner.indexId) && attempt < MOST_SWITCHES) continue;
    const key = asking.signs ? `${signer.window()} ${shape}` : shape;
    const before = plan.settled ? written.get(plan) : undefined;
    if (before?.key === key) return { ...before, offset };
    const next = plan.more ? offsetCursor(signer, { ...owner, indexId: plan.indexId }, offset + asked.k) : undefined;
    const answer: SearchedAnswer = {
      hits: hitAnswers(collection, plan.hits, asking.signs ? signer : null),
      ...(next === undefined ? {} : { nextCursor: next }),
      strategy: plan.strategy,
      basis: plan.basis,
      ...(plan.noMatch ? { noMatch: plan.noMatch } : {}),
      indexId: plan.indexId,
      modelId: plan.modelId,
    };
    if (!plan.settled) return { answer, offset };
    const text = JSON.stringify(answer);
    written.set(plan, { key, answer, text });
    return { answer, text, offset };
  }
}

/** What was answered with a plan that is handed out again, and its JSON: gone with the plan, and so with its person's events. */
const written = new WeakMap<Plan, { readonly key: string; readonly answer: SearchedAnswer; readonly text: string }>();

/** A request as a variant wants it: what the variant says holds, but for its filter, which holds beside the request's own. */
export function varied<A extends Partial<Asked>>(asked: A, wishes: Wishes): A {
  if (asked.filter === undefined || wishes.filter === undefined) return { ...asked, ...wishes };
  return { ...asked, ...wishes, filter: { and: [asked.filter, wishes.filter] } };
}

/** A request as the planner takes it, its examples resolved. */
export function planRequest(asked: Asked, examples: PlanRequest['examples'], offset: number): PlanRequest {
  const {
    user,
    session,
    context,
    filter,
    minSimilarity,
    minConfidence,
    strategy,
    diversity,
    diversityBy,
    groupBy,
    caps,
    duplicates,
    rules,
    explore,
    seed,
  } = asked;
  return {
    examples,
    k: asked.k,
    offset,
    exclude: [
      ...(asked.exclude ?? []),
      ...asked.examples.flatMap((example) => (isPartOfItem(example) ? [example.itemId] : [])),
    ],
    includeSeen: asked.includeSeen ?? true,
    explain: asked.explain ?? false,
    scored: asked.scored,
    ...(user !== undefined ? { who: { userId: user } } : session !== undefined ? { who: { sessionId: session } } : {}),
    ...(context === undefined ? {} : { context }),
    ...(filter === undefined ? {} : { filter }),
    ...(minSimilarity === undefined ? {} : { minSimilarity }),
    ...(minConfidence === undefined ? {} : { minConfidence }),
    ...(strategy === undefined ? {} : { strategy }),
    ...(diversity === undefined ? {} : { diversity }),
    ...(diversityBy === undefined ? {} : { diversityBy }),
    ...(groupBy === undefined ? {} : { groupBy }),
    ...(caps === undefined ? {} : { caps }),
    ...(duplicates === undefined ? {} : { duplicates }),
    ...(rules === undefined ? {} : { rules }),
    ...(explore ? { explore } : {}),
    ...(seed === undefined ? {} : { seed }),
  };
}

/** Everything that shapes the answer but `k` and the cursor. zod hands fields on in the order of the schema. */
function shapeText(collection: string, asked: Asked): string {
  const { k: _k, cursor: _cursor, explain: _explain, log: _log, examples, ...rest } = asked;
  const named = examples.map((example) =>
    'bytes' in example ? [fingerprint(example.bytes), example.region] : example,
  );
  return JSON.stringify([collection, named, rest]);
}
