import type { Route } from '../route-hash.js';

/** A picture that somebody brought to be searched: a file, or the address of one. Forgotten when the tab reloads. */
export interface Brought {
  readonly name: string;
  readonly file?: Blob;
  readonly imageUrl?: string;
  /** A `data:` address to show it by; null where this browser can't draw it. */
  readonly preview: Promise<string | null>;
}

const brought = new Map<string, Brought>();
export const broughtPicture = (id: string): Brought | undefined => brought.get(id);

/** Longest side of the preview, in pixels. */
const PREVIEW = 640;

/** A small copy as a `data:` address: the page's security policy lets no `blob:` picture in. */
async function previewOf(file: Blob): Promise<string | null> {
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, PREVIEW / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return canvas.toDataURL('image/png');
  } catch {
    // createImageBitmap takes no SVG; an <img> does.
    if (file.type !== 'image/svg+xml') return null;
    return `data:image/svg+xml,${encodeURIComponent(await file.text())}`;
  }
}

function keep(collection: string, picture: Brought): Route {
  const id = String(brought.size + 1);
  brought.set(id, picture);
  return { view: 'picture', collection, picture: id, part: '' };
}

/** Keeps a file to be searched, and says where its answer is shown. */
export const bringFile = (collection: string, file: Blob & { readonly name?: string }): Route =>
  keep(collection, { name: file.name || 'Pasted picture', file, preview: previewOf(file) });

/** The same for the address of a picture, which the server fetches. */
export const bringAddress = (collection: string, imageUrl: string): Route =>
  keep(collection, { name: imageUrl, imageUrl, preview: Promise.resolve(null) });

/** The first picture among what was dropped or pasted; else the address of one. */
export function pictureIn(collection: string, data: DataTransfer | null): Route | undefined {
  const files = [...(data?.files ?? [])];
  const file = files.find(({ type }) => type.startsWith('image/')) ?? files[0];
  if (file) return bringFile(collection, file);
  const address = data?.getData('text/uri-list').split('\n')[0]?.trim();
  return address && /^https?:\/\//.test(address) ? bringAddress(collection, address) : undefined;
}
