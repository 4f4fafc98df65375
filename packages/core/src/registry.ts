import { InputError } from './errors.js';
import { unknownName } from './messages.js';

/** Named values in the order they were registered. */
export interface Registry<T> {
  /** @throws Error when the name is taken */
  register(name: string, value: T): void;
  /** @throws InputError when the name is unknown; it lists the names and suggests the nearest */
  get(name: string): T;
  has(name: string): boolean;
  names(): readonly string[];
}

/**
 * Creates an empty registry.
 * @param kind what its entries are, for error messages: `model`, `dataset`
 */
export function createRegistry<T>(kind: string): Registry<T> {
  const entries = new Map<string, T>();
  return {
    register(name, value) {
      if (entries.has(name)) throw new Error(`The ${kind} "${name}" is already registered.`);
      entries.set(name, value);
    },
    get(name) {
      if (!entries.has(name)) {
        throw new InputError(unknownName({ path: kind, kind, name, known: entries.keys() }));
      }
      return entries.get(name) as T;
    },
    has: (name) => entries.has(name),
    names: () => [...entries.keys()],
  };
}
