import { describe, expect, it } from 'vitest';
import { InputError } from './errors.js';
import { createRegistry } from './registry.js';

describe('createRegistry', () => {
  it('returns values by name and keeps their order', () => {
    const registry = createRegistry<number>('model');
    registry.register('resnet18', 1);
    registry.register('shufflenetv2', 2);
    expect(registry.get('shufflenetv2')).toBe(2);
    expect(registry.names()).toEqual(['resnet18', 'shufflenetv2']);
  });

  it('throws when a name is taken', () => {
    const registry = createRegistry<number>('model');
    registry.register('resnet18', 1);
    expect(() => registry.register('resnet18', 3)).toThrow(
      'The model "resnet18" is already registered.',
    );
  });

  it('lists the known names and suggests the nearest', () => {
    const registry = createRegistry<number>('model');
    registry.register('resnet18', 1);
    expect(() => registry.get('resnet81')).toThrow(InputError);
    expect(() => registry.get('resnet81')).toThrow(
      'unknown model "resnet81" (did you mean "resnet18"? known: resnet18)',
    );
    expect(() => registry.get('transformer')).toThrow('(known: resnet18)');
  });
});
