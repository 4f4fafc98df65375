import { modelRegistry } from './modelRegistry.js';

/** The names that {@link createModel} knows. `NAME@e2` is short for `namAt: 'e2'` where a model has that option. */
export function modelNames(): readonly string[] {
  return modelRegistry.names();
}
