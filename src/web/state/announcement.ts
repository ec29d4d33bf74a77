import { createStore } from './store.js';

/** The latest thing that happened, for the page's live region. */
export const announcement = createStore('');
export const announce = (sentence: string): void => announcement.set(sentence);
