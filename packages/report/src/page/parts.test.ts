import { syntheticPredictions } from '@nonlocal-med/testing';
import { describe, expect, it } from 'vitest';
import { disagreements } from './disagreements.js';
import { seriesStyle } from './figure/seriesStyle.js';
import { flatOptions } from './flatOptions.js';
import { chooseImages } from './gallery/chooseImages.js';
import type { GalleryImage } from './gallery/galleryImage.js';
import { html } from './html/html.js';
import { jsonBlock } from './html/jsonBlock.js';
import { optionTable } from './optionTable.js';
import type { PageModel, PageRun } from './pageModel.js';
import { signedPoints } from './part/signedPoints.js';

describe('html', () => {
  it('escapes all text and keeps markup', () => {
    const name = '<b a="1">\'&';
    expect(
      html`<p title="${name}">${[name, html`<i>${1}</i>`, false, null, undefined]}</p>`.text,
    ).toBe(
      '<p title="&lt;b a=&quot;1&quot;&gt;&#39;&amp;">&lt;b a=&quot;1&quot;&gt;&#39;&amp;<i>1</i></p>',
    );
  });

  it('keeps data from ending its element', () => {
    const { text } = jsonBlock('x', { name: '</script><!--\u2028' });
    expect(text).not.toMatch(/<\/script>./);
    expect(JSON.parse(text.replace(/^<script[^>]*>|<\/script>$/g, ''))).toEqual({
      name: '</script><!--\u2028',
    });
  });
});

describe('options', () => {
  it('stand beside each other where they differ', () => {
    const a = { model: { name: 'a', taps: [1, 2] }, seed: 0 };
    const b = { model: { name: 'b' }, seed: 0, tests: [] };
    expect(flatOptions(b)).toEqual([
      ['model.name', 'b'],
      ['seed', '0'],
      ['tests', 'none'],
    ]);
    const { different, equal } = optionTable([
      { title: 'A', options: a },
      { title: 'B', options: b },
    ]);
    expect(different.rows).toEqual([
      ['model.name', 'a', 'b'],
      ['model.taps', '1, 2', '-'],
      ['tests', '-', 'none'],
    ]);
    expect(equal.rows).toEqual([['seed', '0']]);
  });
});

describe('disagreements', () => {
  const model = (key: string, skill: number, splits: readonly number[]): PageModel => ({
    key,
    title: key,
    style: seriesStyle(0),
    baseline: null,
    runs: splits.map(
      (split, repeat) =>
        ({
          repeat,
          predictions: {
            last: syntheticPredictions({ skill, split, seed: skill }),
            selected: null,
          },
          metrics: {},
        }) as unknown as PageRun,
    ),
  });

  it('counts every image of every repeat once, the strongest first, and leaves out repeats on other images', () => {
    const found = disagreements(
      { baseline: model('a', 0.5, [0, 1, 2]), model: model('b', 2, [0, 1, 7]) },
      'last',
    );
    expect(found.repeats).toBe(2);
    expect(found.both + found.neither + found.gained.length + found.lost.length).toBe(120);
    expect(found.gained.length).toBeGreaterThan(found.lost.length);
    for (const { label, baseline, model: other } of found.gained)
      expect([other.predicted === label, baseline.predicted === label]).toEqual([true, false]);
    const apart = found.gained.map((image) =>
      Math.abs(image.model.ofTruth - image.baseline.ofTruth),
    );
    expect(apart).toEqual([...apart].sort((a, b) => b - a));
  });
});

describe('chooseImages', () => {
  it('takes rare outcomes early', () => {
    const image = (id: string, label: number, predicted: number[]): GalleryImage => ({
      id,
      label,
      picture: '',
      entries: predicted.map((index) => ({ predicted: index, probabilities: [], maps: [] })),
    });
    const many = Array.from({ length: 20 }, (_, i) => image(`right ${i}`, 0, [0, 0]));
    const chosen = chooseImages([...many, image('apart', 0, [0, 1]), image('wrong', 0, [1, 1])]);
    expect(chosen.slice(0, 3).map(({ id }) => id)).toEqual(['right 0', 'apart', 'wrong']);
    expect(chosen).toHaveLength(22);
  });
});

it('42 models are drawn each in its own way', () => {
  expect(
    new Set(Array.from({ length: 42 }, (_, i) => `${seriesStyle(i).color} ${seriesStyle(i).dash}`))
      .size,
  ).toBe(42);
});

it('differences have true signs, and none for zero', () => {
  expect([0.0123, -0.0123, 0.00001, null].map(signedPoints)).toEqual([
    '+1.23',
    '−1.23',
    '0.00',
    '–',
  ]);
});
