import { useEffect, useRef } from 'preact/hooks';
import { readKey, useKey } from '../state/connection.js';
import { Icon } from './icon.js';

const KEYS: readonly (readonly [string, string])[] = [
  ['← ↑ → ↓', 'walk through the pictures'],
  ['Enter', 'show the kin of a picture'],
  ['u  d', 'more like this, not like this'],
  ['w', 'show where a picture is alike'],
  ['r', 'recommend from your thumbs'],
  ['/', 'search by name'],
  ['o', 'choose a picture to search by'],
  ['Esc', 'clear, close, go back to all pictures'],
  ['?', 'this page of help'],
];

/** How the page is used, as a dialog. */
export function Help({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself; the click is on what lies around it
    <dialog
      ref={dialog}
      class="help"
      aria-labelledby="help-title"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div class="help-body">
        <button type="button" class="icon-button help-close" aria-label="Close" onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
        <h2 id="help-title">Find what belongs together</h2>
        <p>
          Choose a picture to see its kin. Drop or paste one of your own anywhere to search by it, and drag a box on it
          to search by a part. Give thumbs up and down to a few, and ask for a recommendation.
        </p>
        <dl class="keys">
          {KEYS.map(([key, says]) => (
            <div key={key}>
              <dt>
                {key.split('  ').map((one) => (
                  <kbd key={one}>{one}</kbd>
                ))}
              </dt>
              <dd>{says}</dd>
            </div>
          ))}
        </dl>
        <p class="quiet">
          The same answers over HTTP: <a href="/docs">/docs</a>
          {readKey() ? (
            <>
              {' · '}
              <button type="button" class="link" onClick={() => useKey('')}>
                forget my key
              </button>
            </>
          ) : null}
        </p>
      </div>
    </dialog>
  );
}
