import { createViews } from '../../src/augment/create-views.js';
import { VIEW_PRESETS } from '../../src/augment/index.js';
import { demoCatalogue } from '../../src/cli/demo-catalogue.js';
import { fingerprint } from '../../src/core/fingerprint.js';
import type { SourcePicture } from '../../src/images/picture-source.js';
import { Preparation } from '../../src/images/preparation.js';
import { prepare, sampleShape } from '../../src/images/prepare.js';
import type { Samples, Views } from '../../src/training/samples.js';

/** Drawings of the demo, small and in colour, evenly from all of them, and the views that a run makes of them. */
export async function realDrawings(count: number, size = 16): Promise<{ samples: Samples; views: Views }> {
  const preparation = Preparation.parse({ size });
  const listed: SourcePicture[] = [];
  for await (const picture of (await demoCatalogue()).list()) listed.push(picture);
  const pictures: Uint8Array[] = [];
  for (let i = 0; i < count; i++)
    pictures.push(await prepare(await listed[Math.floor((i * listed.length) / count)]!.read(), preparation));
  const shape = sampleShape(preparation);
  return {
    samples: { count, shape, fingerprint: fingerprint(Buffer.concat(pictures)), read: (index) => pictures[index]! },
    views: createViews(VIEW_PRESETS.colour, shape),
  };
}
