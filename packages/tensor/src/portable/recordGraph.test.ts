import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { PbfReader } from 'pbf';
import { describe, expect, it } from 'vitest';
import { conv2d, maxPool } from '../index.js';
import { encodeOnnx } from './onnx/encodeOnnx.js';
import type { PortableGraph } from './portableGraph.js';
import { recordGraph } from './recordGraph.js';
import { encodeSavedGraph } from './saveGraph.js';

const options = { name: 'test', producerVersion: '1.2.3', metadata: { labels: '["a","b"]' } };

/** Records a computation on images [B, 8, 6, 3]. */
function record(compute: (images: tf.Tensor4D) => tf.Tensor): PortableGraph {
  return recordGraph({
    input: 'image',
    shape: [8, 6, 3],
    outputs: ['result'],
    compute: (images) => [compute(images as tf.Tensor4D)],
  });
}

const kernelsOf = ({ calls }: PortableGraph): string[] => calls.map(({ kernel }) => kernel);

/** Two convolutions with padding, batch normalization by constants, and a pool: what a network begins with. */
const stem = (images: tf.Tensor4D): tf.Tensor => {
  const kernel = tf.reshape<tf.Rank.R4>(tf.sin(tf.range(0, 108)), [3, 3, 3, 4]);
  const second = tf.reshape<tf.Rank.R4>(tf.cos(tf.range(0, 144)), [3, 3, 4, 4]);
  const scale = tf.rsqrt(tf.add(tf.tensor1d([1, 2, 3, 4]), 1e-5));
  const x = tf.relu<tf.Tensor4D>(tf.mul(conv2d(images, kernel, { padding: 1 }), scale));
  return tf.mean(
    maxPool(conv2d(x, second, { padding: 1 }), { size: 3, stride: 2, padding: 1 }),
    [1, 2],
  );
};

eachBackend((backend) => {
  if (backend === 'wasm') {
    it('needs native TensorFlow', () => {
      const message = /needs native|can only be recorded by native TensorFlow, but wasm computes/;
      expect(() => record(stem)).toThrow(message);
      const graph = { inputs: [], constants: [], calls: [], outputs: [] };
      expect(() => encodeSavedGraph(graph)).toThrow(message);
    });
    return;
  }

  describe('recordGraph', () => {
    it('records plain kernels, and what constants give as a constant', () => {
      const before = tf.memory().numTensors;
      const graph = record(stem);
      expect(kernelsOf(graph)).toEqual([
        'PadV2',
        'Conv2D',
        'Mul',
        'Relu',
        'PadV2',
        'Conv2D',
        'PadV2',
        'MaxPool',
        'Cast',
        'Mean',
      ]);
      expect(graph.inputs).toEqual([{ name: 'image', shape: [-1, 8, 6, 3] }]);
      expect(graph.outputs).toMatchObject([{ name: 'result', shape: [-1, 4] }]);
      const scale = graph.constants.find(({ shape }) => shape.join() === '4')!;
      expect(scale.values[3]).toBeCloseTo(1 / Math.sqrt(4 + 1e-5), 6);
      expect(tf.memory().numTensors).toBe(before);
    });

    it('lets reshapes, slices and repeated matrices fit any number of images', () => {
      const graph = record((images) => {
        const matrix = tf.reshape<tf.Rank.R3>(tf.range(0, 20), [1, 5, 4]);
        const part = tf.slice4d(images, [0, 2, 0, 1], [images.shape[0], 4, 6, 2]);
        const rows = tf.reshape<tf.Rank.R3>(part, [images.shape[0], 4, 12]);
        return tf.matMul(tf.tile(matrix, [images.shape[0], 1, 1]), rows);
      });
      expect(kernelsOf(graph)).toEqual(['Slice', 'Reshape', 'BatchMatMulV2']);
      const told = (name: string): number[] => [
        ...graph.constants.find((constant) => constant.name === name)!.values,
      ];
      const [slice, reshape, product] = graph.calls;
      expect(told(slice.inputs[2])).toEqual([-1, 4, 6, 2]);
      expect(told(reshape.inputs[1])).toEqual([-1, 4, 12]);
      expect(told(product.inputs[0])).toEqual([...Array(20).keys()]);
      expect(graph.outputs[0].shape).toEqual([-1, 5, 12]);
    });

    it.each<[string, (images: tf.Tensor4D) => tf.Tensor, RegExp]>([
      [
        'one operation per image',
        (images) => tf.addN(tf.unstack(images)),
        /depends on the number of images|calls \d+ operations for two images, but \d+ for three/,
      ],
      [
        'a factor for the number of images',
        (images) => tf.mul(images, images.shape[0]),
        /^The operation Mul \(c0\) depends on the number of images, which a graph for any number cannot express\.$/,
      ],
      [
        'values that are read back',
        (images) => tf.mul(images, images.dataSync()[0]),
        /^The computation cannot be a graph: it reads values back/,
      ],
      [
        'an output whose shape has the number of images twice',
        (images) =>
          tf.matMul(
            tf.reshape(images, [images.shape[0], -1]),
            tf.reshape(images, [images.shape[0], -1]),
            false,
            true,
          ),
        /only one length may differ/,
      ],
    ])('refuses %s', (_, compute, message) => {
      const before = tf.memory().numTensors;
      expect(() => record(compute)).toThrow(message);
      expect(tf.memory().numTensors).toBe(before);
    });
  });

  describe('encodeOnnx', () => {
    it('has the padding in its convolutions and pools, and transposes only the input', () => {
      const { operators } = readOnnx(encodeOnnx(record(stem), options));
      expect(operators).toEqual([
        'Transpose',
        'Conv',
        'Mul',
        'Relu',
        'Conv',
        'MaxPool',
        'ReduceMean',
        'Identity',
      ]);
    });

    it('says by whom it was written, for which operators, and what the caller says', () => {
      expect(readOnnx(encodeOnnx(record(stem), options))).toMatchObject({
        producer: 'nonlocal-med',
        version: '1.2.3',
        opset: 17,
        metadata: { labels: '["a","b"]' },
      });
    });

    it('refuses an operation that it does not know, by its name', () => {
      expect(() =>
        encodeOnnx(
          record((images) => tf.cos(images)),
          options,
        ),
      ).toThrow(/^The operation Cos \(c0\) has no counterpart in ONNX here; known are Add, /);
    });

    it('refuses weights that depend on the image', () => {
      const graph = record((images) => {
        const kernel = tf.reshape<tf.Rank.R4>(tf.mean(images, 0), [3, 3, 4, 4]);
        const fourChannels = tf.pad4d(images, [
          [0, 0],
          [0, 0],
          [0, 0],
          [0, 1],
        ]);
        return tf.conv2d(fourChannels, kernel, 1, 'valid');
      });
      expect(() => encodeOnnx(graph, options)).toThrow(
        /^The weights of Conv2D \(c\d\) are computed, not constant\.$/,
      );
    });
  });
});

/** What the beginning and the nodes of an ONNX file say (onnx/onnx.proto). */
interface OnnxSummary {
  producer: string;
  version: string;
  opset: number;
  readonly operators: string[];
  readonly metadata: Record<string, string>;
}

function readOnnx(bytes: Uint8Array): OnnxSummary {
  const found: OnnxSummary = { producer: '', version: '', opset: 0, operators: [], metadata: {} };
  const nested = (reader: PbfReader, read: (tag: number, inner: PbfReader) => void): void =>
    void reader.readMessage((tag, _: undefined, inner) => read(tag, inner), undefined);
  new PbfReader(bytes).readFields((tag, _: undefined, reader) => {
    if (tag === 2) found.producer = reader.readString();
    if (tag === 3) found.version = reader.readString();
    if (tag === 7)
      nested(reader, (field, graph) => {
        if (field === 1)
          nested(graph, (part, node) => {
            if (part === 4) found.operators.push(node.readString());
          });
      });
    if (tag === 8)
      nested(reader, (field, opset) => {
        if (field === 2) found.opset = opset.readVarint();
      });
    if (tag === 14) {
      const entry: string[] = [];
      nested(reader, (field, text) => void (entry[field - 1] = text.readString()));
      found.metadata[entry[0]] = entry[1];
    }
  }, undefined);
  return found;
}
