import { createStore } from './store.js';

/** Whether answers are held to good matches, on all pages that search by one picture. */
export const onlyGood = createStore(false);

/** From this confidence on a match is good: at least as likely a copy as another picture. */
export const GOOD = 0.5;
