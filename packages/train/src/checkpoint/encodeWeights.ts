import type { LiveWeights, WeightValues } from '../weights/weightValues.js';

/**
 * Named groups of weights as the pieces of one safetensors file (https://huggingface.co/docs/safetensors), one tensor
 * in memory at a time; the bytes are those of `writeSafetensors`. A name in the file is `group` + name.
 */
export async function* encodeWeights(
  groups: Readonly<Record<string, WeightValues | LiveWeights>>,
): AsyncGenerator<Uint8Array> {
  const tensors = Object.entries(groups)
    .flatMap(([group, weights]) =>
      [...weights].map(([name, weight]) => ({ name: group + name, ...weight })),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  let offset = 0;
  const header = tensors.map(
    ({ name, shape }) =>
      [
        name,
        {
          dtype: 'F32',
          shape,
          data_offsets: [offset, (offset += 4 * shape.reduce((a, b) => a * b, 1))],
        },
      ] as const,
  );
  yield encodeHeader(Object.fromEntries(header));
  for (const { name, shape, data } of tensors) {
    const values = typeof data === 'function' ? await data() : data;
    if (values.length !== shape.reduce((a, b) => a * b, 1))
      throw new RangeError(
        `Weight ${name} has shape [${shape.join(', ')}] and ${values.length} values.`,
      );
    yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  }
}

/** Length (uint64, little-endian) and JSON, padded with spaces to a multiple of 8. */
function encodeHeader(header: Readonly<Record<string, unknown>>): Uint8Array {
  const json = Buffer.from(JSON.stringify(header));
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = Buffer.alloc(8 + length, ' ');
  bytes.writeBigUInt64LE(BigInt(length));
  json.copy(bytes, 8);
  return bytes;
}
