import type { StoredTensor } from '@nonlocal-med/tensor';

/** Keys that only one of two state dictionaries has, or whose tensors differ in shape or in any bit. */
export function differingKeys(
  a: ReadonlyMap<string, StoredTensor>,
  b: ReadonlyMap<string, StoredTensor>,
): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((key) => {
    const [left, right] = [a.get(key), b.get(key)];
    return (
      left === undefined ||
      right === undefined ||
      left.shape.join() !== right.shape.join() ||
      !bytes(left).equals(bytes(right))
    );
  });
}

function bytes({ data }: StoredTensor): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
