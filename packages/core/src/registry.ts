import { InputError } from './errors.js';
import { unknownName } from './messages.js';

/** Named values in the order they were registered. */
export interface Registry<T> {
  /** @throws Error when the name is taken. */
  register(name: string, value: T): void;
  /** @throws InputError that lists the names, and suggests one, when the name is unknown. */
  get(name: string): T;
  has(name: string): boolean;
  names(): readonly string[];
}

/** An empty registry; `kind` ("model", "dataset") is how its errors call an entry. */
export function createRegistry<T>(kind: string): Registry<T> {
  const entries = new Map<string, T>();
  return {
    register(name, value) {
      if (entries.has(name)) throw new Error(`The ${kind} "${name}" is registered twice.`);
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
