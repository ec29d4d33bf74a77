import { existsSync } from 'node:fs';
import { byteOrder } from '../core/vectors.js';
import { AppError } from '../errors.js';
import type { ModelFile, ModelManifest, ModelRegistry } from './registry.js';

/** Models of several folders as one registry: the first is written to, the others (the shipped ones) are only read. */
export class LayeredRegistry implements ModelRegistry {
  readonly #layers: readonly ModelRegistry[];

  constructor(layers: readonly [ModelRegistry, ...ModelRegistry[]]) {
    this.#layers = layers;
  }

  /** Oldest first, ties by id; where two folders have the same id the first folder's model counts. */
  async list(): Promise<readonly ModelManifest[]> {
    const byId = new Map<string, ModelManifest>();
    for (const layer of this.#layers) {
      for (const manifest of await layer.list()) if (!byId.has(manifest.modelId)) byId.set(manifest.modelId, manifest);
    }
    return [...byId.values()].sort((a, b) => byteOrder(a.createdAt, b.createdAt) || byteOrder(a.modelId, b.modelId));
  }

  async read(modelId: string): Promise<ModelManifest> {
    for (const layer of this.#layers.slice(0, -1)) {
      try {
        return await layer.read(modelId);
      } catch (error) {
        if (!(error instanceof AppError && error.code === 'MODEL_NOT_FOUND')) throw error;
      }
    }
    return this.#layers.at(-1)!.read(modelId);
  }

  path(modelId: string, file: ModelFile): string {
    const layer = this.#layers.find((each) => existsSync(each.path(modelId, 'manifest.json')));
    return (layer ?? this.#layers[0]!).path(modelId, file);
  }

  publish(...model: Parameters<ModelRegistry['publish']>): ReturnType<ModelRegistry['publish']> {
    return this.#layers[0]!.publish(...model);
  }
}
