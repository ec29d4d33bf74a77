import { createViews } from '../augment/create-views.js';
import type { ViewSettings } from '../augment/index.js';
import { besideModule } from '../core/start-process.js';
import { openTable, type SampleTable, SHARD_BYTES } from '../images/sample-table.js';
import { WINDOW } from '../training/sample-order.js';
import type { OpenedSamples, Portable } from '../training/samples.js';

/** Prepared pictures and how their views are made, as plain data. */
export interface Pictures {
  readonly table: SampleTable;
  readonly shape: readonly number[];
  readonly views: ViewSettings;
  /** What a thread may hold of samples that lie in files. */
  readonly holdBytes: number;
}

/** For a thread that makes views. Where a window of shards does not fit into its share, it reads each sample by itself. */
export function openPictures({ table, shape, views, holdBytes }: Pictures): OpenedSamples {
  const samples = openTable(table, { holdBytes: holdBytes < WINDOW * SHARD_BYTES ? 0 : holdBytes });
  return { samples, views: createViews(views, shape) };
}

/** How threads come to these pictures. */
export const portablePictures = (pictures: Pictures): Portable => ({
  module: besideModule(import.meta.url, './open-pictures'),
  name: openPictures.name,
  options: pictures,
});
