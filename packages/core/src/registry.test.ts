import { describe, expect, it } from 'vitest';
import { InputError } from './errors.js';
import { createRegistry } from './registry.js';

describe('createRegistry', () => {
  it('returns by name, in order, and refuses a name twice', () => {
    const registry = createRegistry<number>('model');
    registry.register('resnet18', 1);
    registry.register('shufflenetv2', 2);
    expect(registry.get('shufflenetv2')).toBe(2);
    expect(registry.names()).toEqual(['resnet18', 'shufflenetv2']);
    expect(() => registry.register('resnet18', 3)).toThrow('registered twice');
  });

  it('lists what is known and suggests the nearest name', () => {
    const registry = createRegistry<number>('model');
    registry.register('resnet18', 1);
    expect(() => registry.get('resnet81')).toThrow(InputError);
    expect(() => registry.get('resnet81')).toThrow(
      'unknown model "resnet81" (did you mean "resnet18"? known: resnet18)',
    );
    expect(() => registry.get('transformer')).toThrow('(known: resnet18)');
  });
});
