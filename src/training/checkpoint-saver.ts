import { isDiskFull } from '../errors.js';
import { type Checkpoint, saveCheckpoint, type TrainingState } from './checkpoint.js';
import type { Stopwatch } from './stopwatch.js';

/** What saving took: checkpoints that reached the disk, and milliseconds from the call until one lay there safely. */
export interface SavingCost {
  readonly count: number;
  readonly milliseconds: number;
}

export interface CheckpointSaverOptions {
  /** None are written where it is absent. */
  readonly folder: string | undefined;
  readonly now: () => number;
  readonly watch: Stopwatch;
  readonly notice: (text: string) => void;
  readonly write?: (folder: string, checkpoint: Checkpoint) => Promise<void>;
}

/**
 * Saves beside the steps: the numbers of a step are not written over while it `holds` them, so that the disk may take its
 * time while the next steps run. One at a time. What can't be written costs the chance to resume, not the run, and is said.
 */
export class CheckpointSaver {
  readonly #options: Required<Omit<CheckpointSaverOptions, 'folder'>> & { readonly folder: string | undefined };
  #writing: Promise<void> | undefined;
  #held: TrainingState | undefined;
  #count = 0;
  #milliseconds = 0;

  constructor(options: CheckpointSaverOptions) {
    this.#options = { write: saveCheckpoint, ...options };
  }

  get cost(): SavingCost {
    return { count: this.#count, milliseconds: this.#count === 0 ? 0 : this.#milliseconds / this.#count };
  }

  /** Begins to save, unless the last save has not ended: then the next step may ask again. Says whether it began. */
  async begin(checkpoint: Checkpoint): Promise<boolean> {
    if (this.#writing !== undefined) return false;
    await this.#options.watch.time('save', () => {
      this.#held = checkpoint.state;
      this.#writing = this.#save(checkpoint).finally(() => {
        this.#writing = undefined;
        this.#held = undefined;
      });
    });
    return true;
  }

  /** Whether the numbers of a state are still being written. */
  holds(state: TrainingState): boolean {
    return this.#held === state;
  }

  /** Waits for what is being written, then saves the last of a run. */
  async end(checkpoint: Checkpoint): Promise<void> {
    await this.#options.watch.time('save', async () => {
      await this.settle();
      await this.#save(checkpoint);
    });
  }

  /** Waits for what is being written. */
  async settle(): Promise<void> {
    await this.#writing;
  }

  async #save(checkpoint: Checkpoint): Promise<void> {
    const { folder, now, notice, write } = this.#options;
    if (folder === undefined) return;
    const from = now();
    try {
      await write(folder, checkpoint);
      this.#count++;
      this.#milliseconds += now() - from;
    } catch (cause) {
      const why = isDiskFull(cause) ? 'the disk is full' : (cause as Error).message;
      notice(`The checkpoint of step ${checkpoint.state.step} was not saved (${why}). Training goes on.`);
    }
  }
}
