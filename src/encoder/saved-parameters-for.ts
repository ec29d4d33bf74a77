import { ARCHITECTURES, type ArchitectureName } from './architectures/index.js';
import type { ParameterSpec } from './block.js';
import type { SavedParameters, SavedTensor } from './parameters-file.js';
import { transferParameter } from './transfer-parameter.js';

/**
 * The parameters of a saved network as the same network needs them for pictures of another shape; heads stay as they are.
 * @param after the parameters of that network
 * @throws AppError PARAMETERS_INVALID where there is no way
 */
export function savedParametersFor(
  saved: SavedParameters,
  after: readonly ParameterSpec[],
): Record<string, SavedTensor> {
  if (saved.architecture === 'imported') return { ...saved.parameters }; // its weights fit any size that it takes
  const network = ARCHITECTURES[saved.architecture as ArchitectureName];
  const before = network.build(saved.architectureOptions, saved.shape);
  const specs = new Map(before.parameters.map((spec) => [spec.name, spec]));
  const changed = after.flatMap((spec) => {
    const [from, part] = [specs.get(spec.name), saved.parameters[spec.name]];
    if (!from || !part) return [];
    return [[spec.name, { shape: spec.shape, values: transferParameter(part.values, from, spec) }] as const];
  });
  return { ...saved.parameters, ...Object.fromEntries(changed) };
}
