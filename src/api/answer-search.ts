import { fingerprint } from '../core/fingerprint.js';
import type { PlanRequest } from '../recommend/planner.js';
import { type Context, signerOf } from './context.js';
import type { RecommendRequest, SearchRequest } from './contract/schemas.js';
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

export interface SearchedAnswer {
  readonly hits: readonly HitAnswer[];
  readonly nextCursor?: string;
  readonly strategy: string;
  readonly indexId: string | null;
  readonly modelId: string | null;
}

/** How often a picture is embedded again because another model was switched to on the way. */
const MOST_SWITCHES = 3;

/** One search or recommendation: examples → plan → answer, all of one index. */
export async function answerSearch(asking: Asking, asked: Asked): Promise<SearchedAnswer> {
  const { context, collection } = asking;
  const signer = await signerOf(context);
  for (let attempt = 1; ; attempt++) {
    const live = await context.deps.live.get(collection);
    const owner: CursorOwner = { shape: shapeText(collection, asked), indexId: live.indexId };
    const offset = readOffset(signer, owner, asked.cursor);
    const { examples, embeddedBy } = await resolveExamples(context, live, asked.examples, asking.signal);
    const plan = await context.deps.plan(collection, planRequest(asked, examples, offset));
    const moved = embeddedBy !== null && plan.modelId !== null && plan.modelId !== embeddedBy;
    if ((moved || plan.indexId !== owner.indexId) && attempt < MOST_SWITCHES) continue;
    const next = plan.more ? offsetCursor(signer, { ...owner, indexId: plan.indexId }, offset + asked.k) : undefined;
    return {
      hits: hitAnswers(collection, plan.hits, asking.signs ? signer : null),
      ...(next === undefined ? {} : { nextCursor: next }),
      strategy: plan.strategy,
      indexId: plan.indexId,
      modelId: plan.modelId,
    };
  }
}

function planRequest(asked: Asked, examples: PlanRequest['examples'], offset: number): PlanRequest {
  const { user, session, context, filter, minSimilarity, strategy, diversity, groupBy, caps, rules } = asked;
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
    ...(strategy === undefined ? {} : { strategy }),
    ...(diversity === undefined ? {} : { diversity }),
    ...(groupBy === undefined ? {} : { groupBy }),
    ...(caps === undefined ? {} : { caps }),
    ...(rules === undefined ? {} : { rules }),
  };
}

/** Everything that shapes the answer but `k` and the cursor. zod hands fields on in the order of the schema. */
function shapeText(collection: string, asked: Asked): string {
  const { k: _k, cursor: _cursor, explain: _explain, examples, ...rest } = asked;
  const named = examples.map((example) =>
    'bytes' in example ? [fingerprint(example.bytes), example.region] : example,
  );
  return JSON.stringify([collection, named, rest]);
}
