/** When a collection is due for training again, its encoder on pictures or its behaviour model on events. */
export interface Policy {
  /** New ones that make it due; 0 never. */
  readonly after: number;
  /** Hours after which anything new makes it due; 0 never. */
  readonly everyHours: number;
}

/** How a collection stands. */
export interface Situation {
  readonly of: 'picture' | 'event';
  /** How many the active model was not trained on. */
  readonly fresh: number;
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
  const { of, fresh, trainedAt, now, asked } = situation;
  if (asked) return { due: true, why: 'it was asked for' };
  if (fresh <= 0) return { due: false, why: `no ${of} is new` };
  const areNew = `${fresh} ${of}s are new`;
  if (policy.after > 0 && fresh >= policy.after)
    return { due: true, why: `${areNew}, and ${policy.after} make it due` };
  if (policy.everyHours > 0 && trainedAt === undefined)
    return { due: true, why: `${areNew}, and no model was trained on this collection yet` };
  const hours = trainedAt === undefined ? 0 : (now - trainedAt) / HOUR_MS;
  if (policy.everyHours > 0 && hours >= policy.everyHours)
    return { due: true, why: `${areNew}, and the last training was ${hours.toFixed(1)} hours ago` };
  return { due: false, why: `${areNew}, which is not enough yet` };
}
