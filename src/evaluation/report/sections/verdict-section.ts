import { brokenness } from '../../brokenness.js';
import type { Contestant, Findings } from '../findings.js';
import { html, type Markup } from '../html.js';
import { sayPoints, sayShare } from '../say-number.js';

type Mood = 'good' | 'bad' | 'unclear';

interface Judgement {
  readonly mood: Mood;
  readonly title: string;
  readonly says: string;
}

/** The answers first, in words: is it sound, does it beat pixels, has training done anything? */
export function verdictSection(findings: Findings): Markup {
  const judgements = [sound(findings), ...beatsPixels(findings), ...hasLearnt(findings)];
  return html`<section class="verdicts">${judgements.map(
    ({ mood, title, says }) =>
      html`<div class="verdict ${mood}"><h2><span>${MARKS[mood]}</span> ${title}</h2><p>${says}</p></div>`,
  )}</section>`;
}

const MARKS: Readonly<Record<Mood, string>> = { good: '✓', bad: '✗', unclear: '≈' };

function sound({ score }: Findings): Judgement {
  const broken = brokenness(score);
  if (broken !== undefined)
    return {
      mood: 'bad',
      title: 'It is broken',
      says: `Do not use this model: ${broken}. A collapsed model gives every picture nearly the same answer.`,
    };
  return {
    mood: 'good',
    title: 'It did not collapse',
    says:
      `A model that has gone wrong describes every picture alike. This one uses about ${Math.round(score.effectiveRank)} ` +
      `of its ${score.dimension} numbers to tell pictures apart.`,
  };
}

/** The strongest way of comparing pixels is the one to beat. */
function beatsPixels({ contestants }: Findings): Judgement[] {
  const best = strongest(contestants, 'pixels');
  if (!best?.lead) return [];
  const title = { good: 'Better than pixels', bad: 'Worse than pixels', unclear: 'No clear gain over pixels' };
  return [compared(contestants[0], best, title, `Comparing pixels directly (${lower(best.name)})`)];
}

function hasLearnt({ contestants }: Findings): Judgement[] {
  const best = strongest(contestants, 'untrained');
  if (!best?.lead) return [];
  const title = { good: 'Training helped', bad: 'Training made it worse', unclear: 'Training changed little' };
  return [compared(contestants[0], best, title, 'The same network before training')];
}

const lower = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

function strongest(contestants: readonly Contestant[], kind: Contestant['kind']): Contestant | undefined {
  const some = contestants.filter((each) => each.kind === kind);
  return some.reduce<Contestant | undefined>(
    (best, each) => (best && best.score.recall >= each.score.recall ? best : each),
    undefined,
  );
}

function compared(
  model: Contestant,
  rival: Contestant,
  titles: Readonly<Record<Mood, string>>,
  who: string,
): Judgement {
  const { mean, low, high } = rival.lead!;
  const mood: Mood = low > 0 ? 'good' : high < 0 ? 'bad' : 'unclear';
  return {
    mood,
    title: titles[mood],
    says:
      `Shown a changed copy of a picture, the model picks out the other copy ${sayShare(model.score.recall)} of the time. ` +
      `${who} does so ${sayShare(rival.score.recall)} of the time: ${sayPoints(mean)} for the model ` +
      `(${sayPoints(low)} to ${sayPoints(high)} in 95% of such samples).`,
  };
}
