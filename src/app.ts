/** The composition root: settings in, wired parts out. Opening a part has its file under `app/`. */
export type { Environment } from './app/environment.js';
export { openStores, type Stores } from './app/stores.js';
