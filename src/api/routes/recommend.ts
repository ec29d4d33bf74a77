import { AppError } from '../../errors.js';
import { answerPlanned, varied, type Wishes } from '../answer-search.js';
import { type Call, handler, ok } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { impressions } from '../impressions.js';
import { trace } from '../send.js';

/** POST …/recommendations: as asked, or as the variant says that whoever asks belongs to. */
export const recommend = handler(ROUTES.recommend, async (call) => {
  const { context, signs, signal, caller } = call;
  const { collection } = call.params;
  const { examples = [], ...rest } = call.json;
  if (rest.log && !caller.scopes.includes('write'))
    throw new AppError('FORBIDDEN', { why: 'This key has no scope "write", which "log" needs.' });
  const { catalogue, experiments, now } = context.deps;
  const who = whoOf(rest);
  const part = await experiments.partOf(collection, {
    examples,
    ...(who ? { who } : {}),
    ...(rest.context === undefined ? {} : { context: rest.context }),
  });
  const preset = await presetOf(call, who !== undefined);
  // What a variant says was checked when the experiment was made.
  const wishes = { ...preset, ...(part?.variant.request as Wishes | undefined) };
  const asked = { ...rest, examples, scored: true };
  const { answer, text, offset } = await answerPlanned({ context, collection, signs, signal }, asked, wishes);
  const shown = rest.log
    ? impressions(answer.hits, {
        ...{ who, part, offset, asked: { ...call.json, ...preset }, explores: Boolean(varied(asked, wishes).explore) },
        ...{ requestId: trace(call.response).requestId, time: now() },
      })
    : [];
  if (rest.log) await catalogue.events.add(collection, shown);
  const more = {
    ...(part ? { experiment: { name: part.experiment, variant: part.variant.name } } : {}),
    ...(rest.log ? { logged: shown.length } : {}),
    tookMs: call.tookMs(),
  };
  const whole = ok({ ...answer, ...more });
  return text === undefined ? whole : { ...whole, text: `${text.slice(0, -1)},${JSON.stringify(more).slice(1)}` };
});

/** How the collection explores by itself, where the request does not say and chance has something to hang on. */
async function presetOf(
  { context, json, params }: Call<typeof ROUTES.recommend>,
  named: boolean,
): Promise<Pick<Wishes, 'explore'>> {
  if (json.explore !== undefined || !(named || json.seed !== undefined)) return {};
  const explore = await context.deps.exploreDefaults.of(params.collection);
  return explore ? { explore } : {};
}

function whoOf({ user, session }: { user?: string | undefined; session?: string | undefined }) {
  if (user !== undefined) return { userId: user };
  return session === undefined ? undefined : { sessionId: session };
}
