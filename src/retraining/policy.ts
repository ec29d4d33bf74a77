/** When a collection is due for training again. */
export interface Policy {
  /** New pictures that make it due; 0 never. */
  readonly afterPictures: number;
  /** Hours after which anything new makes it due; 0 never. */
  readonly everyHours: number;
}

/** How a collection stands. */
export interface Situation {
  /** Pictures that the active model was not trained on. */
  readonly newPictures: number;
  /** When the active model was trained, in epoch milliseconds; undefined where none was trained on this collection. */
  readonly trainedAt: number | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Somebody asked for it. */
  readonly asked: boolean;
}

/** The answer, and a sentence that says why. */
export interface Due {
  readonly due: boolean;
  readonly why: string;
}

const HOUR_MS = 3_600_000;

/** Whether a retraining is due: it was asked for, enough is new, or anything is new and enough time has passed. */
export function isDue(policy: Policy, situation: Situation): Due {
  const { newPictures, trainedAt, now, asked } = situation;
  if (asked) return { due: true, why: 'it was asked for' };
  if (newPictures <= 0) return { due: false, why: 'no picture is new' };
  if (policy.afterPictures > 0 && newPictures >= policy.afterPictures)
    return { due: true, why: `${newPictures} pictures are new, and ${policy.afterPictures} make it due` };
  if (policy.everyHours > 0 && trainedAt === undefined)
    return { due: true, why: `${newPictures} pictures are new, and no model was trained on this collection yet` };
  const hours = trainedAt === undefined ? 0 : (now - trainedAt) / HOUR_MS;
  if (policy.everyHours > 0 && hours >= policy.everyHours)
    return {
      due: true,
      why: `${newPictures} pictures are new, and the last training was ${hours.toFixed(1)} hours ago`,
    };
  return { due: false, why: `${newPictures} pictures are new, which is not enough yet` };
}
