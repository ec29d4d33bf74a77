import type { z } from 'zod';
import { AppError } from '../errors.js';
import { ARCHITECTURE_NAMES, ARCHITECTURES, type ArchitectureName } from './architectures/index.js';
import type { Block } from './block.js';
import { define } from './define.js';
import { ImportedOptions, imported } from './imported/imported.js';
import type { SavedParameters } from './parameters-file.js';

/** The networks of the table, and the one that comes from a file. */
export type NetworkName = ArchitectureName | 'imported';
export const NETWORK_NAMES = [...ARCHITECTURE_NAMES, 'imported'] as [NetworkName, ...NetworkName[]];

const IMPORTED = define(ImportedOptions, imported);

/** The schema of a network's options; undefined where no network is called so. */
export const networkOptions = (name: string): z.ZodType<Record<string, unknown>> | undefined =>
  name === 'imported' ? IMPORTED.options : ARCHITECTURES[name as ArchitectureName]?.options;

/**
 * A network for samples of this shape. An imported one needs the model that it travels in.
 * @throws AppError SETTINGS_INVALID, and for an imported one BACKBONE_INVALID
 */
export async function buildNetwork(
  name: NetworkName,
  options: unknown,
  shape: readonly number[],
  model: SavedParameters | undefined,
): Promise<Block> {
  if (name !== 'imported') return ARCHITECTURES[name].build(options, shape);
  if (!model?.graph)
    throw new AppError('SETTINGS_INVALID', { why: '✖ An imported network needs its file, or a model made from one.' });
  return IMPORTED.build(options, shape, { graph: model.graph, parameters: model.parameters });
}
