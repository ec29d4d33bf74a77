/** Drawn on a 24 × 24 field, in the colour of the text around. */
const PATHS = {
  up: 'M7 11v9H4v-9h3Zm0 0 4.2-7.4a1.9 1.9 0 0 1 3.5 1.3L14 9h4.6a2 2 0 0 1 2 2.4l-1.3 6.9a2 2 0 0 1-2 1.7H7',
  down: 'M17 13V4h3v9h-3Zm0 0-4.2 7.4a1.9 1.9 0 0 1-3.5-1.3L10 15H5.4a2 2 0 0 1-2-2.4l1.3-6.9a2 2 0 0 1 2-1.7H17',
  picture:
    'M4 7a3 3 0 0 1 3-3h10a3 3 0 0 1 3 3v10a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3V7Zm.5 9.5 4-4a2 2 0 0 1 2.8 0l6.7 6.7M14.5 13.5l1-1a2 2 0 0 1 2.8 0l1.7 1.7M15.5 8.5h.01',
  search: 'M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13Zm4.8 11.3L20 20',
  back: 'M19 12H5m6-6-6 6 6 6',
  close: 'm6 6 12 12M18 6 6 18',
  arrow: 'M5 12h14m-6-6 6 6-6 6',
  help: 'M9.2 9a3 3 0 1 1 4.4 2.7c-1 .5-1.6 1.2-1.6 2.3M12 17.5h.01M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Z',
  copy: 'M9 9h9a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-7a2 2 0 0 1-2-2V9Zm6 0V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h3',
} as const;

export function Icon({ name }: { readonly name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
