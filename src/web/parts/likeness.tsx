import { percent } from '../item-text.js';

/** How close a hit is, as a bar and a figure. */
export function Likeness({ similarity }: { readonly similarity: number }) {
  const width = `${Math.max(0, Math.min(1, similarity)) * 100}%`;
  return (
    <span class="likeness" title={`Cosine similarity ${similarity.toFixed(4)}`}>
      <span class="likeness-bar" aria-hidden="true">
        <span style={{ inlineSize: width }} />
      </span>
      <span class="likeness-figure">{percent(similarity)}</span>
    </span>
  );
}
