import { type OpenLiveIndexes, openLiveIndexes } from '../indexing/live-indexes.js';
import type { Environment } from './environment.js';
import type { Stores } from './stores.js';

/** The live indexes over stores that stay the caller's to close. Loading goes on behind; see `pending()`. */
export const openLive = ({ config, log }: Environment, stores: Stores): OpenLiveIndexes =>
  openLiveIndexes({
    catalogue: stores.catalogue,
    embedders: stores.embedders,
    indexesFolder: stores.indexesFolder,
    storeKind: config.KINDRED_VECTOR_STORE,
    readBlob: (content) => stores.blobs.get(content),
    log,
  });
