import { AppError } from '../../errors.js';

/**
 * `[channels, height, width]` of the pictures that a network takes, 8 to 512 a side.
 * @throws AppError SETTINGS_INVALID
 */
export function pictureSides(network: string, shape: readonly number[]): [number, number, number] {
  const [channels, height, width] = shape;
  const inside = (side: number | undefined): boolean => side !== undefined && side >= 8 && side <= 512;
  if (shape.length !== 3 || channels === undefined || channels < 1 || !inside(height) || !inside(width))
    throw new AppError('SETTINGS_INVALID', {
      why: `The ${network} network takes [channels, 8 to 512, 8 to 512], not [${shape.join(', ')}].`,
    });
  return [channels, height!, width!];
}
