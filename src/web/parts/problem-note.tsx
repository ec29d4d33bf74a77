import type { Problem } from '../problem.js';

/** What went wrong and what to do about it, in the server's own words. */
export function ProblemNote({ problem }: { readonly problem: Problem }) {
  return (
    <div class="problem" role="alert">
      <p class="problem-what">{problem.message}</p>
      {problem.remedy ? <p>{problem.remedy}</p> : null}
      <p class="problem-code">{problem.code}</p>
    </div>
  );
}
