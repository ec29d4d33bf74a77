import type { Embedder, Embedders } from './embedder.js';

export interface EmbeddersOptions {
  /** Opens the embedder of a model. Throws MODEL_NOT_FOUND or MODEL_DAMAGED. */
  readonly open: (modelId: string) => Promise<Embedder>;
  /** The model a new collection gets, undefined where there is none. */
  readonly defaultModelId: () => Promise<string | undefined>;
  /** How many stay open: that of the release served, of the one before, and of the one being built. */
  readonly keep?: number;
}

/** The open embedders of this process, one a model: opened when first asked for, shared by all who ask. */
export interface OpenEmbedders extends Embedders {
  close(): Promise<void>;
}

/** Keeps embedders open by model id; those asked for longest ago are closed once more than `keep` are open. */
export function createEmbedders(options: EmbeddersOptions): OpenEmbedders {
  const { open, defaultModelId, keep = 4 } = options;
  const byModel = new Map<string, Promise<Embedder>>();

  function closeQuietly(opening: Promise<Embedder>): Promise<void> {
    return opening.then(
      (embedder) => embedder.close(),
      () => {},
    );
  }

  return {
    defaultModelId,
    get(modelId) {
      const opening = byModel.get(modelId) ?? open(modelId);
      byModel.delete(modelId);
      byModel.set(modelId, opening); // a map keeps the order of insertion: the last is the newest asked for
      opening.catch(() => {
        if (byModel.get(modelId) === opening) byModel.delete(modelId); // a later try may find the model
      });
      for (const [oldest, held] of byModel) {
        if (byModel.size <= keep) break;
        byModel.delete(oldest);
        void closeQuietly(held);
      }
      return opening;
    },
    async close() {
      const all = [...byModel.values()];
      byModel.clear();
      await Promise.all(all.map(closeQuietly));
    },
  };
}
