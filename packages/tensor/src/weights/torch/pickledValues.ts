import type { StoredType } from '../storedTensor.js';

/** A name that a pickle refers to, e.g. `collections.OrderedDict`. It is never resolved to anything that runs. */
export class PickledGlobal {
  constructor(readonly name: string) {}
}

/** A tuple; lists are plain arrays, dictionaries are Maps. */
export class PickledTuple {
  constructor(readonly items: readonly unknown[]) {}
}

/** A reference to a storage, without its bytes. `dtype` is undefined for untyped storages. */
export class PickledStorage {
  constructor(
    readonly key: string,
    readonly dtype: StoredType | undefined,
    /** Number of elements; of bytes for an untyped storage. */
    readonly length: number,
  ) {}
}

/** A tensor as a pickle describes it, not yet checked against its storage. */
export class PickledTensor {
  constructor(
    readonly storage: PickledStorage,
    readonly view: {
      readonly dtype: StoredType;
      readonly offset: number;
      readonly shape: readonly number[];
      readonly strides: readonly number[];
    },
  ) {}
}
