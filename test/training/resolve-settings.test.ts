import { describe, expect, it } from 'vitest';
import { trainingSettings } from '../../src/cli/commands/train.js';
import { resolveSettings } from '../../src/training/resolve-settings.js';

/** The flags of `kindred train` as a run takes them. */
const ofFlags = (flags: object) => resolveSettings(trainingSettings({ into: 'default', ...flags }));

describe('settings of a method', () => {
  it('are those of SimCLR where nothing is said', () => {
    expect(ofFlags({})).toMatchObject({ method: 'simclr', loss: 'nt-xent', lossOptions: { temperature: 0.2 } });
  });

  it('name a method or, for one that SimCLR minimises, a loss', () => {
    expect(ofFlags({ method: 'moco', temperature: '0.1' })).toMatchObject({
      method: 'moco',
      methodOptions: { temperature: 0.1, momentum: 0.99 },
    });
    expect(ofFlags({ method: 'dcl', temperature: '0.1' })).toMatchObject({
      method: 'simclr',
      loss: 'dcl',
      lossOptions: { temperature: 0.1 },
    });
  });

  it.each<[string, object, RegExp]>([
    ['a method that there is none of', { method: 'mocco' }, /loss/],
    ['a temperature for a method without one', { method: 'byol', temperature: '0.1' }, /temperature/],
  ])('refuse %s', (_, flags, why) => {
    expect(() => ofFlags(flags)).toThrow(why);
  });

  it('refuse a loss, or options of one, beside a method that has its own', () => {
    expect(() => resolveSettings({ method: 'moco', loss: 'vicreg' })).toThrow(/methodOptions/);
    expect(() => resolveSettings({ method: 'moco', lossOptions: { temperature: 0.5 } })).toThrow(/methodOptions/);
  });
});

describe('which weights are kept', () => {
  it('is a setting, and so is when to end', () => {
    expect(ofFlags({ keep: 'best', patience: '3' })).toMatchObject({ keep: 'best', patience: 3 });
    expect(ofFlags({})).not.toHaveProperty('keep');
  });

  it.each<[object, RegExp]>([
    [{ keep: 'worst' }, /"last"\|"best"/],
    [{ patience: '0' }, /patience/],
    [{ patience: '2.5' }, /patience/],
    [{ patience: 'some' }, /patience/],
  ])('is not %j', (flags, why) => {
    expect(() => ofFlags(flags)).toThrow(why);
  });
});
