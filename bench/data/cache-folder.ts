import { fileURLToPath } from 'node:url';

/** Where the benches keep what they fetch; git ignores it, and it may be deleted at any time. */
export const cacheFolder = fileURLToPath(new URL('../../.cache/', import.meta.url));
