import type { Region } from '../core/region.js';
import type { Preparation } from './preparation.js';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where the picture lies in its sample: shares of the sample, which it passes on the sides that `cover` cuts. */
function placeOf({ width, height }: Size, { fit }: Pick<Preparation, 'fit'>): Region {
  const whole = fit === 'contain' ? Math.max(width, height) : Math.min(width, height);
  const [across, down] = [width / whole, height / whole];
  return { x: (1 - across) / 2, y: (1 - down) / 2, width: across, height: down };
}

const between = (share: number): number => Math.min(1, Math.max(0, share));

/** From the edges of a box to the box, what lies outside cut off. */
function boxBetween(left: number, top: number, right: number, bottom: number): Region {
  const [x, y] = [between(left), between(top)];
  return { x, y, width: between(right) - x, height: between(bottom) - y };
}

/** A region of a picture as one of the sample that `prepare` makes of it; empty where the sample has nothing of it. */
export function onSample(region: Region, picture: Size, preparation: Pick<Preparation, 'fit'>): Region {
  const place = placeOf(picture, preparation);
  const [x, y] = [place.x + region.x * place.width, place.y + region.y * place.height];
  return boxBetween(x, y, x + region.width * place.width, y + region.height * place.height);
}

/** The way back: a region of a sample as one of the picture; what lies in the margin is cut off. */
export function onPicture(region: Region, picture: Size, preparation: Pick<Preparation, 'fit'>): Region {
  const place = placeOf(picture, preparation);
  const [x, y] = [(region.x - place.x) / place.width, (region.y - place.y) / place.height];
  return boxBetween(x, y, x + region.width / place.width, y + region.height / place.height);
}
