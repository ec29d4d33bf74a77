import { openCatalogue } from '../../src/catalogue/open-catalogue.js';
import { buildIndex } from '../../src/indexing/index-builder.js';

/** Builds an index and stops just before it would be published, so that a test can end it there by force. */
const [dataFolder, indexesFolder] = process.argv.slice(2) as [string, string];
const catalogue = await openCatalogue({ dataFolder, now: Date.now, ids: () => 'id' });
await buildIndex({
  catalogue,
  collection: 'v',
  modelId: 'none',
  embedder: null,
  readBlob: async () => undefined,
  indexesFolder,
  indexId: 'killed',
  minRecall: 0.9,
  seed: 1,
  now: () => 0,
  work: {
    progress: () => {},
    signal: new AbortController().signal,
    async holdsClaim() {
      process.send!('about to publish');
      await new Promise((resume) => setTimeout(resume, 60_000));
    },
  },
});
