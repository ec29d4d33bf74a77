import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { TensorFunction } from '../../src/tensor/engine.js';
import { DECLARED, type Graph } from '../../src/tensor/graph.js';
import { conv2d } from '../../src/tensor/operations.js';
import { commonNodes } from '../../src/tensor/passes/common-nodes.js';
import { deadNodes } from '../../src/tensor/passes/dead-nodes.js';
import { compileGraph } from '../../src/tensor/passes/index.js';
import { simplify } from '../../src/tensor/passes/simplify.js';
import { trace } from '../../src/tensor/trace.js';

const traced = (fn: TensorFunction, shape: number[] = [2, 3]) => trace(fn, { x: { shape, dtype: 'float32' } });
const operators = ({ nodes }: Graph) => nodes.map(({ op }) => op);

describe('the passes', () => {
  it('drop what nothing needs', () => {
    const graph = traced(({ x }) => {
      tf.exp(tf.neg(x!));
      return { y: tf.abs(x!) };
    });
    expect(operators(graph)).toEqual(['Neg', 'Exp', 'Abs']);
    expect(operators(deadNodes(graph))).toEqual(['Abs']);
  });

  it('compute once what is written twice', () => {
    const graph = traced(({ x }) => ({ y: tf.add(tf.mul(x!, 2), tf.exp(tf.mul(x!, 2))), z: tf.mul(x!, 3) }));
    expect(operators(commonNodes(graph))).toEqual(['Mul', 'Exp', 'Add', 'Mul']);
  });

  it('leave out what changes nothing, and expansions that broadcasting makes needless', () => {
    const graph = traced(({ x }) => ({ y: tf.mul(tf.add(tf.mul(x!, 1), 0), tf.fill([2, 3], 2)) }));
    expect(operators(deadNodes(simplify(graph)))).toEqual(['Mul']);
  });

  it('keep a declared operation whole until its layout lowers it', () => {
    const graph = traced(
      ({ x }) => ({ dx: tf.grad((z) => tf.sum(conv2d(z, tf.ones([2, 3, 3, 3]), { pads: [1, 1, 1, 1] })))(x!) }),
      [1, 3, 5, 5],
    );
    expect(graph.nodes.filter(({ domain }) => domain === DECLARED).map(({ op }) => op)).toEqual([
      'KindredConv2d',
      'KindredConv2dInputGrad',
    ]);
    const lowered = compileGraph(graph, 'plain', { standardOnly: false });
    expect(lowered.nodes.some(({ domain }) => domain === DECLARED)).toBe(false);
    expect(operators(lowered).filter((op) => op.startsWith('Conv'))).toEqual(['Conv']); // the way back; forward is dead
  });

  it('never write out a large constant of equal numbers', () => {
    const graph = traced(({ x }) => ({ y: tf.concat([x!, tf.ones([1000, 3])]) }));
    const sizes = graph.nodes.flatMap(({ inputs }) => inputs.map(({ constant }) => constant?.length ?? 0));
    expect(Math.max(...sizes)).toBe(1);
  });
});
