import { describe, expect, it } from 'vitest';
import { count, formatBytes, quoteForShell, suggestName, unknownName } from './messages.js';

describe('count', () => {
  it.each([
    [count(0, 'image'), '0 images'],
    [count(1, 'image'), '1 image'],
    [count(2, 'image'), '2 images'],
    [count(1, 'class', 'classes'), '1 class'],
    [count(2, 'class', 'classes'), '2 classes'],
  ])('returns %j', (text, expected) => {
    expect(text).toBe(expected);
  });
});

describe('suggestName', () => {
  it('returns the nearest candidate, whatever its case', () => {
    expect(suggestName('Acuracy', ['auc', 'accuracy'])).toBe('accuracy');
  });

  it('returns undefined when no candidate is near', () => {
    expect(suggestName('transformer', ['resnet18', 'shufflenetv2'])).toBeUndefined();
  });
});

describe('unknownName', () => {
  it('lists the known names after the suggestion', () => {
    expect(
      unknownName({ path: 'model', kind: 'model', name: 'resnet81', known: ['resnet18', 'vgg'] }),
    ).toEqual({
      path: 'model',
      message: 'unknown model "resnet81"',
      hint: 'did you mean "resnet18"? known: resnet18, vgg',
    });
  });

  it('only lists them when none is near', () => {
    expect(unknownName({ path: 'm', kind: 'model', name: 'x', known: ['resnet18'] }).hint).toBe(
      'known: resnet18',
    );
  });
});

describe('quoteForShell', () => {
  it.each([
    ['runs/first-2', 'runs/first-2'],
    ['my runs', "'my runs'"],
    ["Ada's $HOME", "'Ada'\\''s $HOME'"],
    ['', "''"],
  ])('writes %j as one word', (text, word) => {
    expect(quoteForShell(text)).toBe(word);
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1023, '0.999 KiB'],
    [1536, '1.50 KiB'],
    [1020 * 1024 ** 2, '0.996 GiB'],
    [999 * 1024 ** 2, '999 MiB'],
    [3 * 1024 ** 3, '3.00 GiB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});
