import { describe, expect, it } from 'vitest';
import { parseYaml } from './parseYaml.js';

describe('parseYaml', () => {
  it('parses options', () => {
    expect(parseYaml('model:\n  name: resnet18 # "[[["\nsize: [386, {a: "[["}]\n')).toEqual({
      model: { name: 'resnet18' },
      size: [386, { a: '[[' }],
    });
  });

  it('reads any number of lists and mappings beside each other', () => {
    expect(parseYaml('- [1, {a: 2}]\n'.repeat(1000))).toHaveLength(1000);
    expect(parseYaml(`text: |\n  ${'['.repeat(500)}\n`)).toEqual({ text: `${'['.repeat(500)}\n` });
  });

  it.each([
    ['3,000 brackets', '['.repeat(3000)],
    ['3,000 braces', '{a: '.repeat(3000)],
    ['3,000 lists on one line', '- '.repeat(3000)],
    ['3,000 mappings on one line', '? '.repeat(3000)],
  ])('refuses %s without parsing them', (_, text) => {
    expect(() => parseYaml(text)).toThrow('nested more than 100 levels deep');
  });

  it('refuses two megabytes', () => {
    expect(() => parseYaml('a: 1\n'.repeat(400_000))).toThrow('2,000,000 characters');
  });
});
