import { matMul, softmax, toFloat32 } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import {
  blocksOf,
  imagesOf,
  inParts,
  inRows,
  keyPadding,
  MASKED,
  paddedColumns,
  paddedRows,
  sumOverQueries,
  withMaskColumn,
  withoutPadding,
} from './attentionOperands.js';
import { attendInBatch, isAttentionBatched } from './batchedAttention.js';

/** Options of {@link attention}. */
export interface AttentionOptions {
  /** Query rows per block: the largest matrix in memory is blockRows x M. Default: as many as fit the processor's cache. */
  readonly blockRows?: number;
  /** Factor on the dot products; 1 (default) as in the paper, 1/sqrt(d) as in Transformers. */
  readonly scale?: number;
}

/**
 * Exact softmax attention, O = softmax(scale Q K^T) V, with memory that grows with N + M: it never holds more than one
 * block of rows of the N x M matrix.
 *
 * The backward pass computes the weights of each block again instead of keeping them (Rabe and Staats 2021;
 * docs/specification.md, section 6). They are kept only where a single block has room for the queries of all images. The
 * result does not depend on the block size beyond float32 rounding. NaN and infinite inputs behave as in a plain softmax.
 *
 * @param queries [B, N, d]
 * @param keys [B, M, d]
 * @param values [B, M, e]
 * @returns [B, N, e]; differentiable once with respect to all three
 * @throws RangeError when the shapes do not fit together or blockRows is not a positive integer.
 *
 * @example
 * ```ts
 * import { useEngine } from '@nonlocal-med/engine';
 * import { attention } from '@nonlocal-med/nonlocal';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * await useEngine({ backend: 'wasm' });
 * // One image, two queries and two keys with two channels, values with one channel.
 * const queries = tf.tensor3d([[[0, 0], [9, 0]]]);
 * const keys = tf.tensor3d([[[1, 0], [0, 1]]]);
 * const values = tf.tensor3d([[[4], [8]]]);
 * const output = attention(queries, keys, values);
 * console.log(output.shape.join(' x ')); // 1 x 2 x 1
 * console.log(output.dataSync()[0].toFixed(2)); // 6.00
 * ```
 */
// eslint-disable-next-line max-params -- the usual signature of attention
export function attention(
  queries: tf.Tensor3D,
  keys: tf.Tensor3D,
  values: tf.Tensor3D,
  { scale = 1, blockRows = defaultBlockRows(keys.shape[1]) }: AttentionOptions = {},
): tf.Tensor3D {
  checkAttentionInputs(queries, keys, values);
  if (!Number.isInteger(blockRows) || blockRows < 1)
    throw new RangeError(`attention: blockRows is ${blockRows}; it must be a positive integer.`);

  // The queries of all images fit one block: nothing is cut, and the weights are kept instead of computed again.
  const undivided = !isAttentionBatched() && queries.shape[0] * queries.shape[1] <= blockRows;
  const settings = { scale, blockRows };
  const operation = tf.customGrad<tf.Tensor3D>((...inputsAndSave) => {
    const [q, k, v, save] = inputsAndSave as CustomGradInputs;
    const [output, ...weights] = undivided
      ? forwardUndivided({ q, k, v }, scale)
      : [forward({ q, k, v }, settings)];
    save([q, k, v, output, ...weights]);
    const gradFunc = (dO: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [savedQ, savedK, savedV, o, p] = saved as tf.Tensor3D[];
      const all = { q: savedQ, k: savedK, v: savedV, o, dO: dO as tf.Tensor3D };
      return undivided ? backwardUndivided({ ...all, p }, scale) : backward(all, settings);
    };
    return { value: output, gradFunc };
  });
  return operation(queries, keys, values);
}

/** Queries [B, N, d], keys [B, M, d], values [B, M, e]. */
interface Inputs {
  readonly q: tf.Tensor3D;
  readonly k: tf.Tensor3D;
  readonly v: tf.Tensor3D;
}

/** What `tf.customGrad` calls its function with. */
export type CustomGradInputs = [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D, tf.GradSaveFunc];

/** Output and its gradient, both [B, N, e]. */
interface Outputs {
  readonly o: tf.Tensor3D;
  readonly dO: tf.Tensor3D;
}

/**
 * The forward pass in blocks of query rows. Per block: P = softmax(scale Q K^T), O = P V.
 * @returns O, [B, N, e]
 */
function forward(
  { q, k, v }: Inputs,
  { scale, blockRows }: Required<AttentionOptions>,
): tf.Tensor3D {
  const [batch, rows] = q.shape;
  if (isAttentionBatched()) {
    const weights = (x: tf.Tensor3D): tf.Tensor3D => softmax(matMul(x, k, { transposeB: true }));
    return attendInBatch({ queries: scaled(q, scale), values: v, blockRows, weights });
  }
  return tf.tidy(() => {
    const padding = keyPadding(k.shape[1]);
    const keysT = imagesOf(paddedColumns(k, { padding, mask: MASKED })); // [d, M]: transposed once, not in every product
    const values = imagesOf(paddedRows(v, padding)); // [M, e]
    const blocks = blocksOf(withMaskColumn(scaled(q, scale), padding), blockRows);
    const outputs = blocks.flatMap((imageBlocks, image) =>
      imageBlocks.map((block) =>
        tf.tidy(() => matMul(blockWeights(block, keysT[image]), values[image])),
      ),
    ); // [size, e]
    return tf.reshape(tf.concat2d(outputs, 0), [batch, rows, v.shape[2]]);
  });
}

/**
 * The backward pass of {@link forward}. Per block, with P computed again: dV += P^T dO; dS = P * (dO V^T - D) with
 * D = rowsum(dO * O); dQ = scale dS K; dK += scale dS^T Q. Subtracting D is part of the product: (dO, -D) (V, 1)^T.
 * @returns dQ, dK, dV
 */
function backward(
  { q, k, v, o, dO }: Inputs & Outputs,
  { scale, blockRows }: Required<AttentionOptions>,
): tf.Tensor3D[] {
  return tf.tidy(() => {
    const padding = keyPadding(k.shape[1]);
    const scaledQ = scaled(q, scale);
    const minusD = inParts(
      tf.neg<tf.Tensor3D>(tf.sum(tf.mul(toFloat32(dO), toFloat32(o)), 2, true)),
    ); // [B, N, 1] each
    const ones = tf.ones<tf.Rank.R3>([v.shape[0], v.shape[1], minusD.length]);
    const valuesAndOne = tf.concat3d([v, ones], 2); // [B, M, e + 1]
    const [keys, keysT, valuesAndOneT] = [
      paddedRows(k, padding),
      paddedColumns(k, { padding, mask: MASKED }),
      paddedColumns(valuesAndOne, { padding }),
    ].map(imagesOf);
    const [maskedQBlocks, qBlocks, dOBlocks, dOAndMinusDBlocks] = [
      withMaskColumn(scaledQ, padding),
      scaledQ,
      dO,
      tf.concat3d([dO, ...minusD], 2),
    ].map((tensor) => blocksOf(tensor, blockRows));
    const images = keys.map((imageKeys, i) =>
      imageBackward(
        { keys: imageKeys, keysT: keysT[i], valuesAndOneT: valuesAndOneT[i] },
        qBlocks[i].map((block, j) => ({
          maskedQ: maskedQBlocks[i][j],
          q: block,
          dO: dOBlocks[i][j],
          dOAndMinusD: dOAndMinusDBlocks[i][j],
        })),
      ),
    );
    const [dQ, dK, dV] = [q, k, v].map(({ shape }, input) => {
      const rows = images.map((gradients) => withoutPadding(gradients[input], shape[1]));
      return tf.reshape<tf.Rank.R3>(tf.concat2d(rows, 0), shape);
    });
    return [scaled(dQ, scale), dK, dV];
  });
}

/** What all blocks of an image share: [M, d], [d, M], [e + 1, M]. */
interface Image {
  readonly keys: tf.Tensor2D;
  readonly keysT: tf.Tensor2D;
  readonly valuesAndOneT: tf.Tensor2D;
}

/** A block of query rows: [size, d], with the column of the mask if there is one, [size, d], [size, e], [size, e + 1]. */
interface Block {
  readonly maskedQ: tf.Tensor2D;
  readonly q: tf.Tensor2D;
  readonly dO: tf.Tensor2D;
  readonly dOAndMinusD: tf.Tensor2D;
}

/** Gradients of one image: dQ [N, d] without its factor `scale`, dK [M, d], dV [M, e]; M with padding. */
function imageBackward(
  { keys, keysT, valuesAndOneT }: Image,
  blocks: readonly Block[],
): tf.Tensor2D[] {
  return tf.tidy(() => {
    const dQ: tf.Tensor2D[] = [];
    let dK: tf.Tensor2D | undefined;
    let dV: tf.Tensor2D | undefined;
    for (const { maskedQ, q, dO, dOAndMinusD } of blocks) {
      const [blockDQ, blockDK, blockDV] = tf.tidy(() => {
        const p = blockWeights(maskedQ, keysT); // [size, M]
        const dValues = sumOverQueries(p, dO); // [M, e]
        const dPMinusD = matMul(dOAndMinusD, valuesAndOneT); // [size, M]
        const dS = tf.mul<tf.Tensor2D>(p, dPMinusD);
        tf.dispose([p, dPMinusD]);
        return [matMul(dS, keys), sumOverQueries(dS, q), dValues];
      });
      dQ.push(blockDQ);
      dK = accumulate(dK, blockDK);
      dV = accumulate(dV, blockDV);
    }
    return [tf.concat2d(dQ, 0), inRows(dK as tf.Tensor2D), inRows(dV as tf.Tensor2D)];
  });
}

/** {@link forward} of all images and queries at once, which keeps the weights. @returns O [B, N, e] and P [B, N, M] */
function forwardUndivided({ q, k, v }: Inputs, scale: number): [tf.Tensor3D, tf.Tensor3D] {
  return tf.tidy(() => {
    const scores = matMul(scaled(q, scale), k, { transposeB: true }); // [B, N, M]
    const p = softmax(scores);
    scores.dispose();
    return [matMul(p, v), p];
  });
}

/** {@link backward} with the weights P, [B, N, M], of the forward pass. @returns dQ, dK, dV */
function backwardUndivided(
  { q, k, v, o, dO, p }: Inputs & Outputs & { readonly p: tf.Tensor3D },
  scale: number,
): tf.Tensor3D[] {
  return tf.tidy(() => {
    const dV = matMul(p, dO, { transposeA: true });
    const dP = matMul(dO, v, { transposeB: true }); // [B, N, M]
    const dPMinusD = tf.sub(dP, tf.sum(tf.mul(dO, o), 2, true));
    dP.dispose();
    const dS = tf.mul<tf.Tensor3D>(p, dPMinusD);
    dPMinusD.dispose();
    const [dQ, dK] = [matMul(dS, k), matMul(dS, q, { transposeA: true })];
    return [scaled(dQ, scale), scaled(dK, scale), dV];
  });
}

/**
 * Attention weights of a block of queries, P = softmax(Q K^T). The scores are freed at once, so that the next matrix of
 * this size takes their place in the processor's cache.
 *
 * @param q [size, d], already scaled
 * @param keysT [d, M]
 * @returns [size, M]
 */
function blockWeights(q: tf.Tensor2D, keysT: tf.Tensor2D): tf.Tensor2D {
  const scores = matMul(q, keysT);
  const weights = softmax(scores);
  scores.dispose();
  return weights;
}

function scaled(tensor: tf.Tensor3D, scale: number): tf.Tensor3D {
  return scale === 1 ? tensor : tf.mul<tf.Tensor3D>(tensor, scale);
}

/** Elements of one block of attention weights: 256 rows at 97 x 97 keys, about 9 MiB of float32. */
const BLOCK_ELEMENTS = 256 * 9409;

/** With fewer rows, matrix products lose more than the cache gains, however many keys there are. */
const MIN_BLOCK_ROWS = 256;
const MAX_BLOCK_ROWS = 4096;

/** The number of query rows per block that is fastest with this many keys. */
export function defaultBlockRows(keys: number): number {
  return Math.min(Math.max(Math.floor(BLOCK_ELEMENTS / keys), MIN_BLOCK_ROWS), MAX_BLOCK_ROWS);
}

/** Adds a term to a running sum in float32 and frees both; without a sum, the term becomes the sum. */
export function accumulate<T extends tf.Tensor>(sum: T | undefined, term: T): T {
  const inFull = toFloat32(term);
  const next = sum === undefined ? inFull : tf.add<T>(sum, inFull);
  tf.dispose([sum, term, inFull].filter((tensor) => tensor !== undefined && tensor !== next));
  return next;
}

/** @throws RangeError with the shapes when [B, N, d], [B, M, d], [B, M, e] do not fit together. */
export function checkAttentionInputs(queries: tf.Tensor, keys: tf.Tensor, values: tf.Tensor): void {
  const [q, k, v] = [queries.shape, keys.shape, values.shape];
  const shapes = `queries [${q.join(', ')}], keys [${k.join(', ')}], values [${v.join(', ')}]`;
  const fit =
    [q, k, v].every(({ length }) => length === 3) &&
    q[0] === k[0] &&
    k[0] === v[0] &&
    q[2] === k[2] &&
    k[1] === v[1];
  if (!fit) throw new RangeError(`attention takes [B, N, d], [B, M, d], [B, M, e]; got ${shapes}.`);
  if (queries.size === 0 || values.size === 0)
    throw new RangeError(`attention needs at least one position and channel; got ${shapes}.`);
}
