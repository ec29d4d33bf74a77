import { besideModule, startChild } from '../core/start-process.js';
import { AppError } from '../errors.js';
import type { LearnTower } from '../recommend/behaviour/tower.js';
import type { Environment } from './environment.js';
import type { FromTowerProcess, ToTowerProcess } from './tower-process.js';

const ENTRY = besideModule(import.meta.url, './tower-process');

/**
 * Learns each behaviour model in a process of its own, so that several can be learnt at the same time; what is learnt is
 * the same. Processes, since ONNX Runtime's binding must not be used by more than one thread of a process. An abort kills
 * the process. The learner throws CANCELLED, LEARNING_STOPPED where the process ends without a word, and whatever the
 * learning throws.
 */
export function createTowerProcesses({ config }: Pick<Environment, 'config'>): LearnTower {
  const { KINDRED_ENGINE, KINDRED_DEVICE } = config;
  return (histories, { signal, progress, ...given }) =>
    new Promise((resolve, reject) => {
      const cancelled = () => new AppError('CANCELLED', { what: 'Learning from behaviour' });
      if (signal?.aborted) return reject(cancelled());
      const child = startChild(ENTRY, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
      const kill = (): void => void child.kill('SIGKILL');
      signal?.addEventListener('abort', kill, { once: true });
      let end: Exclude<FromTowerProcess, { type: 'progress' }> | undefined;
      child.on('message', (message: FromTowerProcess) => {
        if (message.type === 'progress') progress?.(message.report);
        else end = message;
      });
      child.on('error', (cause) => {
        if (child.pid === undefined) reject(new AppError('LEARNING_STOPPED', { why: cause.message }, { cause }));
      });
      // `close` comes after the channel has been read to its end, so a last message is never missed.
      child.on('close', (code, by) => {
        signal?.removeEventListener('abort', kill);
        if (end?.type === 'done') resolve(end.tower);
        else if (signal?.aborted) reject(cancelled());
        else if (end?.type === 'failed') reject(new AppError(end.code, end.details));
        else if (end) reject(new Error(end.why));
        else
          reject(new AppError('LEARNING_STOPPED', { why: by ? `was ended by ${by}` : `ended with exit code ${code}` }));
      });
      const told: ToTowerProcess = { config: { KINDRED_ENGINE, KINDRED_DEVICE }, histories, given };
      child.send(told, () => undefined); // one that has just gone makes it fail; `close` tells the rest
    });
}
