import sharp, { type Metadata, type Sharp } from 'sharp';
import { pixelsOf, type Region } from '../core/region.js';
import { AppError } from '../errors.js';
import { checkDrawing } from './check-drawing.js';

// One thread a picture: many pictures are decoded at once, so threads inside one would only fight. Originals come as
// buffers and each is decoded once, so a cache of operations would only hold memory.
sharp.concurrency(1);
sharp.cache(false);
// A libvips from elsewhere may bring ImageMagick, PDF and more: only the formats that are promised are ever opened.
const LOADERS = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Svg', 'Tiff', 'Heif'];
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: LOADERS.map((name) => `VipsForeignLoad${name}`) });

/** What one original may cost. Pixels are bounded from the header, before anything is decoded. */
export interface PictureLimits {
  readonly maxPixels: number;
  readonly maxBytes: number;
}

export const DEFAULT_LIMITS: PictureLimits = { maxPixels: 50_000_000, maxBytes: 20_000_000 };

/** What an original is: its true type, whatever its name says, and its size in pixels as a person sees it (upright). */
export interface PictureDescription {
  readonly mime: string;
  readonly width: number;
  readonly height: number;
  readonly sizeBytes: number;
}

/** Pixels of `[height, width, channels]` bytes in sRGB. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly bytes: Uint8Array;
}

/** Into which box a picture is rendered, in pixels, and on what transparency is laid. */
export interface Box {
  readonly width: number;
  readonly height: number;
  /** `inside` keeps the whole picture, at most as large as the box; `cover` cuts the long side, `fill` stretches. */
  readonly fit: 'inside' | 'cover' | 'fill';
  /** Transparency stays as it is where this is absent. */
  readonly background?: readonly [number, number, number];
  /** Leaves a picture smaller than the box as it is; else it is enlarged, so that a sample is always filled. */
  readonly keepSmall?: boolean;
}

const MIMES: { readonly [format: string]: string } = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  svg: 'image/svg+xml',
  tiff: 'image/tiff',
  heif: 'image/avif',
};
const SECONDS = 30; // A picture that takes longer is meant to: a drawing of nested filters, say.
const SVG_SIDE = 2048; // Pixels: a drawing has no size of its own, so none is rasterised larger than this.
const SVG_DPI = 72; // At this density one unit of a drawing is one pixel.
const CROP_SIDE = 1024; // Pixels: twice the largest sample, so that the downscale to it decides how edges look.
const TAIL_SIDE = 128; // Pixels: at which size a broken picture is looked at.

const says = (cause: unknown): string => (cause instanceof Error ? cause.message.split('\n')[0]! : String(cause));

function unreadable(cause: unknown): AppError {
  return cause instanceof AppError ? cause : new AppError('PICTURE_UNREADABLE', { why: says(cause) }, { cause });
}

/** An original whose header is sound and within the limits. */
interface Opened {
  readonly bytes: Uint8Array;
  readonly header: Metadata & { readonly mime: string };
  readonly limits: PictureLimits;
}

/** Where libvips looks for a drawing, and some more; it also takes compressed ones. */
function looksDrawn(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 4096));
  return head.includes('<svg') || (bytes[0] === 0x1f && bytes[1] === 0x8b);
}

async function open(bytes: Uint8Array, limits: PictureLimits, within = false): Promise<Opened> {
  if (bytes.byteLength === 0) throw new AppError('PICTURE_UNREADABLE', { why: 'it is empty' });
  if (bytes.byteLength > limits.maxBytes)
    throw new AppError('PICTURE_TOO_LARGE', { limit: `${limits.maxBytes} bytes` });
  if (looksDrawn(bytes)) {
    if (within) throw new AppError('PICTURE_UNREADABLE', { why: 'a drawing within the drawing is not taken' });
    // Before the header is read, as that measures the drawing. What is embedded is decoded as well, so bounded as well.
    for (const embedded of checkDrawing(bytes)) await open(embedded, limits, true);
  }
  let header: Metadata;
  try {
    header = await sharp(bytes, { failOn: 'none', limitInputPixels: false }).metadata();
  } catch (cause) {
    throw unreadable(cause);
  }
  const { width, height } = header;
  const mime = MIMES[header.format];
  if (mime === undefined) throw new AppError('PICTURE_UNREADABLE', { why: `${header.format} is not taken` });
  if (!(width >= 1 && height >= 1)) throw new AppError('PICTURE_UNREADABLE', { why: 'it has no pixels' });
  if (width * height > limits.maxPixels)
    throw new AppError('PICTURE_TOO_LARGE', { limit: `${limits.maxPixels} pixels` });
  return { bytes, header: { ...header, mime }, limits };
}

/** The first frame, upright, in sRGB, on the background; nothing is decoded yet. `side`: pixels wanted on the long side. */
function pipeline(opened: Opened, failOn: 'none' | 'error', side: number, background: Box['background']): Sharp {
  // A drawing is rasterised at twice the size it is wanted in, so that the downscale below decides how edges look.
  const scale = Math.min(2 * side, SVG_SIDE) / Math.max(opened.header.width, opened.header.height);
  const drawing = opened.header.format === 'svg' ? { density: clamp(SVG_DPI * scale, 1, 100_000) } : {};
  const picture = sharp(opened.bytes, { failOn, limitInputPixels: opened.limits.maxPixels, pages: 1, ...drawing })
    .timeout({ seconds: SECONDS })
    .autoOrient()
    .toColourspace('srgb');
  if (!background) return picture;
  const [r, g, b] = background;
  return picture.flatten({ background: { r, g, b } });
}

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

/** JPEG and WebP are shrunk while they are decoded where they are much larger than the box: half the time. */
function resized(picture: Sharp, { width, height, fit, keepSmall = false }: Box): Sharp {
  return picture.resize(width, height, { fit, kernel: 'lanczos3', withoutEnlargement: keepSmall });
}

async function rawPixels(picture: Sharp): Promise<Pixels> {
  const { data, info } = await picture.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: info.channels, bytes: data };
}

/** The share of rows at the bottom that all have one colour: what decoders leave where the bytes end. */
function flatTail(pixels: Pixels): number {
  const { width, height, channels, bytes } = pixels;
  const last = bytes.subarray(bytes.length - channels);
  let at = bytes.length;
  while (at > 0 && last.every((value, c) => bytes[at - channels + c] === value)) at -= channels;
  return (height - Math.ceil(at / (width * channels))) / height;
}

/**
 * Whether a damaged original may still be used: a file that was cut off near its end is a picture with a grey foot, and
 * people's folders are full of them; one of which less than half decodes is not that picture any more.
 */
async function refuseMostlyBroken(opened: Opened, cause: unknown): Promise<void> {
  const box: Box = { width: TAIL_SIDE, height: TAIL_SIDE, fit: 'inside', background: [255, 255, 255] };
  const tail = flatTail(await rawPixels(resized(pipeline(opened, 'none', TAIL_SIDE, box.background), box)));
  if (tail > 0.5)
    throw new AppError('PICTURE_UNREADABLE', { why: `most of it is missing (${says(cause)})` }, { cause });
}

/** Runs `finish` strictly first; where the file is damaged, leniently, once most of it is known to decode. */
async function decodeWith<T>(opened: Opened, box: Box, finish: (picture: Sharp) => Promise<T>): Promise<T> {
  const side = Math.max(box.width, box.height);
  try {
    return await finish(resized(pipeline(opened, 'error', side, box.background), box));
  } catch (strict) {
    if (opened.header.format === 'svg') throw unreadable(strict); // No drawing is half a drawing.
    try {
      await refuseMostlyBroken(opened, strict);
      return await finish(resized(pipeline(opened, 'none', side, box.background), box));
    } catch (cause) {
      throw unreadable(cause);
    }
  }
}

/** Reads the header alone. Throws PICTURE_UNREADABLE, PICTURE_TOO_LARGE. */
export async function describe(bytes: Uint8Array, limits: PictureLimits = DEFAULT_LIMITS): Promise<PictureDescription> {
  const { header } = await open(bytes, limits);
  const { width, height } = header.autoOrient;
  return { mime: header.mime, width, height, sizeBytes: bytes.byteLength };
}

/**
 * Decodes the first frame into a box: upright, alpha laid on the background, 8 bits of sRGB in three channels.
 * Throws PICTURE_UNREADABLE, PICTURE_TOO_LARGE and nothing else, whatever the bytes are.
 */
export async function decode(bytes: Uint8Array, box: Box, limits: PictureLimits = DEFAULT_LIMITS): Promise<Pixels> {
  return decodeWith(await open(bytes, limits), box, rawPixels);
}

/** A WebP (or PNG) of at most `size` pixels a side, on white. Throws PICTURE_UNREADABLE, PICTURE_TOO_LARGE. */
export async function thumbnail(
  bytes: Uint8Array,
  size: number,
  limits: PictureLimits = DEFAULT_LIMITS,
  format: 'webp' | 'png' = 'webp',
): Promise<Buffer> {
  const opened = await open(bytes, limits);
  const box: Box = { width: size, height: size, fit: 'inside', background: [255, 255, 255], keepSmall: true };
  return decodeWith(opened, box, (picture) => picture.toFormat(format, { quality: 82 }).toBuffer());
}

/**
 * A region as a picture of its own (PNG, transparency kept), of at most `CROP_SIDE` pixels a side: what is prepared from it
 * looks like any other picture. A drawing is rasterised as finely as that allows.
 * Throws PICTURE_UNREADABLE, PICTURE_TOO_LARGE.
 */
export async function crop(bytes: Uint8Array, region: Region, limits: PictureLimits = DEFAULT_LIMITS): Promise<Buffer> {
  const opened = await open(bytes, limits);
  const { width, height } = opened.header.autoOrient;
  const finest = opened.header.format === 'svg' ? SVG_SIDE / Math.max(width, height) : 1;
  const scale = Math.min(finest, CROP_SIDE / Math.max(region.width * width, region.height * height));
  const scaled = (side: number) => Math.max(1, Math.round(side * scale));
  const box: Box = { width: scaled(width), height: scaled(height), fit: 'fill' };
  return decodeWith(opened, box, (picture) => picture.extract(pixelsOf(region, box)).png().toBuffer());
}
