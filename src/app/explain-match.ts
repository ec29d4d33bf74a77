import type { ExplainedMatch, ExplainedSide, MatchAsked } from '../api/deps.js';
import type { FeatureMap } from '../encoder/encoder.js';
import { sharedPlaces, standingOut } from '../encoder/shared-places.js';
import { placeLength, similarityShares } from '../encoder/similarity-shares.js';
import type { PictureLimits } from '../images/decode.js';
import { heatPicture, sideBySide } from '../images/heat-picture.js';
import { prepare } from '../images/prepare.js';
import { keepOpen } from './keep-open.js';
import { type MapEncoder, openMapEncoder } from './map-encoder.js';

/** Says where two pictures are alike. */
export interface MatchExplainer {
  /** Throws MODEL_NOT_FOUND, MODEL_DAMAGED, MODEL_WITHOUT_MAP, PICTURE_UNREADABLE and PICTURE_TOO_LARGE. */
  explain(asked: MatchAsked): Promise<ExplainedMatch>;
  close(): Promise<void>;
}

/** Models that stay open: that of the release served, and one more. */
const KEEP = 2;

/** Nothing is opened before somebody asks. Pictures are decoded and drawn, and networks run, beside the event loop. */
export function createMatchExplainer(
  registry: Parameters<typeof openMapEncoder>[0],
  limits: PictureLimits,
): MatchExplainer {
  const models = keepOpen((modelId) => openMapEncoder(registry, modelId), KEEP);
  return {
    explain: (asked) => models.use(asked.modelId, (model) => explained(model, asked, limits)),
    close: () => models.close(),
  };
}

async function explained(model: MapEncoder, asked: MatchAsked, limits: PictureLimits): Promise<ExplainedMatch> {
  const { modelId, index, originals, size, show, blend } = asked;
  const samples = await Promise.all(originals.map((bytes) => prepare(bytes, model.preparation, limits)));
  const maps = (await model.encodeMaps(samples)) as [FeatureMap, FeatureMap];
  const { dimension, whitenings } = model.geometry;
  const { whitening } = index;
  const further = index.modelId === modelId && whitening?.dimension === placeLength(model.geometry) ? [whitening] : [];
  const { similarity, shares } = similarityShares(maps, { dimension, whitenings: [...whitenings, ...further] });
  const places = sharedPlaces(maps);
  const drawn = show === 'places' ? standingOut(places) : shares;
  const peak = show === 'places' ? 1 : Math.max(...shares.flatMap(({ values }) => [...values].map(Math.abs)));
  const view = { preparation: model.preparation, size, peak, blend };
  const side = async (i: 0 | 1): Promise<ExplainedSide> => ({
    places: places[i],
    shares: shares[i],
    png: await heatPicture(originals[i], drawn[i], view, limits),
  });
  const [query, hit] = await Promise.all([side(0), side(1)]);
  return { similarity, query, hit };
}

/** Both heat maps beside each other. */
export const explainedPicture = ({ query, hit }: ExplainedMatch, size: number): Promise<Buffer> =>
  sideBySide(query.png, hit.png, size);
