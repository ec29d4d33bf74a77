import { AppError } from '../../errors.js';
import { handler, ok } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { knownCollection } from '../known-collection.js';
import { releaseAnswer } from '../release-answer.js';

/** POST …/releases/{releaseId}/activate: forward and back are the same call. */
export const activateRelease = handler(ROUTES.activateRelease, async (call) => {
  const { collection, releaseId } = call.params;
  const { catalogue, activate } = call.context.deps;
  await knownCollection(call.context, collection);
  const release = await catalogue.releases.get(releaseId);
  if (!release || release.collection !== collection) throw new AppError('RELEASE_NOT_FOUND', { releaseId });
  return ok(releaseAnswer(await activate(collection, releaseId)));
});
