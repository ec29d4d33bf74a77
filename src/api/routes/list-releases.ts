import { handler, ok } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { knownCollection } from '../known-collection.js';
import { releaseAnswer } from '../release-answer.js';

/** GET …/releases, newest first. */
export const listReleases = handler(ROUTES.listReleases, async (call) => {
  const { collection } = call.params;
  await knownCollection(call.context, collection);
  const releases = await call.context.deps.catalogue.releases.list(collection);
  return ok({ releases: [...releases].sort((a, b) => b.createdAt - a.createdAt).map(releaseAnswer) });
});
