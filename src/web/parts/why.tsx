import { useEffect, useRef, useState } from 'preact/hooks';
import type { Explained, Hit } from '../api.js';
import { percent, titleOf } from '../item-text.js';
import { Problem } from '../problem.js';
import { Icon } from './icon.js';
import { ProblemNote } from './problem-note.js';

/** Asks the server where a hit is like what was searched by. */
export type Explain = (hit: Hit, signal: AbortSignal) => Promise<Explained>;

interface WhyProps {
  readonly hit: Hit;
  readonly explain: Explain;
  readonly onClose: () => void;
}

/** Where a hit and what was searched by are alike: both heat maps, as a dialog. */
export function Why({ hit, explain, onClose }: WhyProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [{ explained, problem }, setAnswer] = useState<{ explained?: Explained; problem?: Problem }>({});
  useEffect(() => {
    dialog.current?.showModal();
    const aborter = new AbortController();
    explain(hit, aborter.signal).then(
      (answer) => setAnswer({ explained: answer }),
      (cause: unknown) =>
        aborter.signal.aborted ||
        setAnswer({ problem: cause instanceof Problem ? cause : new Problem({ detail: String(cause) }) }),
    );
    return () => aborter.abort();
  }, []);
  const title = titleOf(hit);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself; the click is on what lies around it
    <dialog
      ref={dialog}
      class="help why"
      aria-labelledby="why-title"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div class="help-body" aria-busy={!explained && !problem}>
        <button type="button" class="icon-button help-close" aria-label="Close" onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
        <h2 id="why-title">Where it is alike</h2>
        {problem ? <ProblemNote problem={problem} /> : null}
        <div class="why-pair">
          <HeatMap image={explained?.query.image} caption="What was searched" />
          <HeatMap image={explained?.hit.image} caption={title} />
        </div>
        {explained ? (
          <p class="quiet">
            Orange parts are found again in the other picture: the stronger, the more alike. As wholes, and where things
            are counted in, the two are {percent(explained.similarity)} alike.
          </p>
        ) : null}
      </div>
    </dialog>
  );
}

function HeatMap({ image, caption }: { readonly image: string | undefined; readonly caption: string }) {
  return (
    <figure class="why-map">
      {image === undefined ? (
        <span class="why-wait" />
      ) : (
        <img src={`data:image/png;base64,${image}`} alt={`Heat map: ${caption}`} />
      )}
      <figcaption>{caption}</figcaption>
    </figure>
  );
}
