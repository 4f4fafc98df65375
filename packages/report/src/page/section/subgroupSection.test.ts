import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { evaluateSubgroups, parseSubgroupRules } from '@nonlocal-med/metrics';
import { readRun } from '@nonlocal-med/runs';
import { temporaryFolder, writeSyntheticRun } from '@nonlocal-med/testing';
import { HtmlValidate } from 'html-validate';
import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, it } from 'vitest';
import { reportPage } from '../reportPage.js';

const folder = await temporaryFolder('subgroup-section');
const run = join(folder, 'run');
const other = join(folder, 'other');
const evil = '<b>"&';
let page: Document;
let text: string;

beforeAll(async () => {
  await writeSyntheticRun(run, { model: 'resnet18', skill: 1, selected: false });
  await writeSyntheticRun(other, { model: 'resnet18-nla', skill: 2, selected: false });
  const { ids } = (await readRun(run)).predictions.last!;
  const rows = ids.map((id, i) => `${id},${i % 3 === 0 ? 'M' : 'F'},${20 + (i % 50)},"<b>""&"`);
  await writeFile(
    join(run, 'predictions/test-attributes.csv'),
    `id,sex,age,site\n${rows.join('\n')}\n`,
  );
  text = await reportPage({ runs: [run], base: folder, images: 0 });
  page = parseHTML(text).document;
});

const texts = (root: ParentNode, selector: string): string[] =>
  [...root.querySelectorAll(selector)].map((element) =>
    element.textContent.replaceAll(/\s+/g, ' ').trim(),
  );

describe('the subgroups on a page', () => {
  it('are those of all kept attributes with several values, ages in groups', () => {
    expect(texts(page, '#subgroups h3')).toEqual(['By sex', 'By age']);
    expect(texts(page, '#subgroups figcaption')).toEqual([
      'AUC by sex',
      'sensitivity by sex',
      'accuracy by sex',
      'AUC by age',
      'sensitivity by age',
      'accuracy by age',
    ]);
  });

  it('show the values and intervals of evaluateSubgroups, as dots, lines and numbers', async () => {
    const predictions = (await readRun(run)).predictions.last!;
    const { divisions, overall } = evaluateSubgroups(predictions, {
      by: parseSubgroupRules('sex'),
      bootstrap: { seed: 0 },
    });
    const figure = page.querySelector('#subgroups figure')!;
    const dots = [...figure.querySelectorAll('circle')];
    expect(dots).toHaveLength(2);
    divisions[0].groups.forEach(({ name, samples, metrics }, g) => {
      const auc = metrics.find(({ metric }) => metric === 'auc')!;
      expect(Number(dots[g].getAttribute('cx'))).toBeCloseTo(14 + 252 * auc.value!, 0);
      const row = texts(figure, `tbody tr:nth-child(${g + 1}) > *`);
      expect(row[0]).toBe(name);
      expect(row[1]).toBe(String(samples));
      expect(row.join(' ')).toContain(
        `${auc.value!.toFixed(3)} (${auc.interval!.lower.toFixed(2)} to ${auc.interval!.upper.toFixed(2)})`,
      );
    });
    const whole = overall.metrics.find(({ metric }) => metric === 'auc')!.value!;
    const line = figure.querySelector('line[stroke-dasharray]')!;
    expect(Number(line.getAttribute('x1'))).toBeCloseTo(14 + 252 * whole, 0);
    expect(texts(figure, 'svg text').slice(-2)).toEqual(
      divisions[0].groups.map(({ name, samples }) => `${name}, ${samples}`),
    );
    expect(texts(page, '#subgroups ul li').join(' ')).toContain('p values are corrected');
  });

  it('can be requested, are escaped, and leave a valid page', async () => {
    const requested = await reportPage({
      runs: [run],
      base: folder,
      images: 0,
      by: parseSubgroupRules('site,age:0-40-120'),
    });
    expect(texts(parseHTML(requested).document, '#subgroups h3')).toEqual([
      'By site',
      'By age:0-40-120',
    ]);
    expect(requested).not.toContain(evil);
    expect(requested).toContain('&lt;b&gt;&quot;&amp;');
    const { results } = await new HtmlValidate({
      extends: ['html-validate:recommended'],
      rules: {
        'void-style': ['error', { style: 'selfclosing' }],
        'no-trailing-whitespace': 'off',
      },
    }).validateString(requested);
    expect(results.flatMap(({ messages }) => messages.map(({ message }) => message))).toEqual([]);
    await expect(
      reportPage({ runs: [run], images: 0, by: parseSubgroupRules('scanner') }),
    ).rejects.toThrow('unknown attribute "scanner"');
  });

  it('are left out for a run without attributes, and named by model where there are several', async () => {
    const without = await reportPage({ runs: [other], base: folder, images: 0 });
    expect(parseHTML(without).document.querySelector('#subgroups')).toBeNull();
    const both = parseHTML(await reportPage({ runs: [run, other], base: folder, images: 0 }));
    expect(texts(both.document, '#subgroups h3')).toEqual(['resnet18']);
    expect(texts(both.document, '#subgroups h4')).toEqual(['By sex', 'By age']);
  });
});
