import { useEffect, useState } from 'preact/hooks';
import type { Hit } from '../api.js';
import { plural } from '../item-text.js';
import { announce } from '../state/announcement.js';
import { go } from '../state/route.js';
import type { Asked } from '../state/use-answer.js';
import { ProblemNote } from './problem-note.js';
import { TileGrid } from './tile-grid.js';
import { type Explain, Why } from './why.js';

interface KinProps {
  readonly collection: string;
  readonly heading: string;
  readonly asked: Asked;
  readonly memory: string;
  readonly because?: (hit: Hit) => string | undefined;
  readonly explain: Explain;
}

/** The answer to a question: hits with their similarities, page by page. */
export function Kin({ collection, heading, asked: { answer, problem, more }, memory, because, explain }: KinProps) {
  const [why, setWhy] = useState<Hit>();
  const found = answer?.hits.length;
  useEffect(() => {
    if (found !== undefined) announce(`${heading}: ${plural(found, 'picture', 'pictures')}`);
  }, [found, heading]);
  return (
    <section class="kin" aria-busy={!answer && !problem}>
      <h2>{heading}</h2>
      {problem ? <ProblemNote problem={problem} /> : null}
      {!answer && !problem ? <div class="skeletons" aria-hidden="true" /> : null}
      {answer && answer.hits.length === 0 ? <p class="quiet">Nothing here is like it yet.</p> : null}
      {answer && answer.hits.length > 0 ? (
        <TileGrid
          collection={collection}
          label={heading}
          hits={answer.hits}
          memory={memory}
          {...(because ? { because } : {})}
          onWhy={setWhy}
          onOpen={({ itemId }) => go({ view: 'item', collection, itemId })}
        />
      ) : null}
      {more ? (
        <button type="button" class="button more" onClick={more}>
          Show more
        </button>
      ) : null}
      {why ? <Why hit={why} explain={explain} onClose={() => setWhy(undefined)} /> : null}
      {answer ? (
        <details class="measure">
          <summary>What the figures mean</summary>
          <p>
            The encoder turns each picture into a direction. The figure is the cosine between two directions: 100% is
            the same picture to it, 0% is nothing in common.
            {answer.modelId ? ` Answered by ${answer.modelId} in ${answer.tookMs.toFixed(1)} ms.` : ''}
          </p>
        </details>
      ) : null}
    </section>
  );
}
