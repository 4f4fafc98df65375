import { writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import {
  temporaryFolder,
  writeSyntheticExperiment,
  writeSyntheticExplanations,
  writeSyntheticRun,
} from '@nonlocal-med/testing';
import { HtmlValidate } from 'html-validate';
import { parseHTML } from 'linkedom';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { reportPage } from './reportPage.js';
import { writeReport } from './writeReport.js';

const folder = await temporaryFolder('report-page');
const at = (...names: string[]): string => join(folder, ...names);
const evil = '<script>alert(1)</script>"\'&';
const textOf = (page: string, selector: string): string =>
  [...parseHTML(page).document.querySelectorAll(selector)]
    .map((element) => element.textContent)
    .join('\n')
    .replaceAll(/\s+/g, ' ')
    .trim();

beforeAll(async () => {
  await writeSyntheticRun(at('baseline'), { model: 'resnet18', skill: 0.4, seed: 1 });
  await writeSyntheticRun(at('method'), { model: 'resnet18-nla', skill: 2.2, seed: 2 });
  await writeSyntheticRun(at('elsewhere'), { model: 'shufflenetv2', skill: 1, split: 3 });
  await writeSyntheticRun(at('unfinished'), { model: 'resnet18', skill: 1, until: 'interrupted' });
  await writeSyntheticExperiment(at('experiment'), {
    skills: { resnet18: 0.4, 'resnet18-nla': 2 },
    repeats: 3,
    unfinished: { 'resnet18/2': 'missing' },
  });
});

async function expectValid(page: string): Promise<void> {
  const validator = new HtmlValidate({
    extends: ['html-validate:recommended'],
    // Prettier formats the templates of the page.
    rules: {
      'void-style': ['error', { style: 'selfclosing' }],
      'no-trailing-whitespace': 'off',
    },
  });
  const { results } = await validator.validateString(page);
  expect(
    results.flatMap(({ messages }) =>
      messages.map(({ ruleId, message, line }) => `${ruleId}: ${message} (line ${line})`),
    ),
  ).toEqual([]);
}

describe('reportPage of runs', () => {
  let page: string;
  beforeAll(async () => {
    page = await reportPage({ runs: [at('baseline'), at('method')], base: folder });
  });

  it('is valid HTML with all sections', async () => {
    await expectValid(page);
    const { document } = parseHTML(page);
    expect([...document.querySelectorAll('main > section')].map(({ id }) => id)).toEqual([
      'summary',
      'results',
      'confusion',
      'curves',
      'calibration',
      'disagreement',
      'gallery',
      'learning',
      'repeat',
    ]);
  });

  it('starts with the difference, its significance and the limits of a single training run', () => {
    const lead = textOf(page, '#summary .panel[data-weights="last"] .lead');
    expect(lead).toMatch(
      /^The AUC of resnet18-nla is \d+\.\d\d percentage points higher than that of resnet18 \(95 % confidence interval of the difference \+\d+\.\d\d to \+\d+\.\d\d\)\. The difference is statistically significant \(DeLong's test, p (< 0\.001|= 0\.0\d\d)\)\./,
    );
    expect(lead).toContain('Each model was trained once.');
  });

  it('shows both checkpoints, the requested one first', async () => {
    const order = (text: string): (string | null)[] =>
      [...parseHTML(text).document.querySelectorAll('#summary .panel:has(.lead)')].map((panel) =>
        panel.getAttribute('data-weights'),
      );
    expect(order(page)).toEqual(['selected', 'last']);
    expect(
      order(await reportPage({ runs: [at('baseline'), at('method')], weights: 'last' })),
    ).toEqual(['last', 'selected']);
  });

  it('contains the metrics, confusion matrix and disagreements of a run', async () => {
    const metrics = JSON.parse(await readFile(at('method', 'metrics.json'), 'utf8')) as {
      last: { metrics: { auc: { value: number } }; confusionMatrix: number[][] };
    };
    expect(
      textOf(page, '#results .panel[data-weights="last"] .results tbody tr:last-child td'),
    ).toContain((100 * metrics.last.metrics.auc.value).toFixed(2));
    const cells = [
      ...parseHTML(page).document.querySelectorAll(
        '#confusion .panel[data-weights="last"] .series-1 td.right, #confusion .panel[data-weights="last"] .series-1 td.wrong',
      ),
    ].map((cell) => Number.parseInt(cell.textContent ?? '', 10));
    expect(cells).toEqual(metrics.last.confusionMatrix.flat());
    const counts = [
      ...parseHTML(page).document.querySelectorAll(
        '#disagreement .panel[data-weights="last"] table',
      ),
    ][0].querySelectorAll('td.number');
    expect([...counts].reduce((sum, cell) => sum + Number(cell.textContent), 0)).toBe(60);
  });

  it('lists the commands that explain and reproduce the runs', () => {
    expect(textOf(page, '#gallery pre')).toBe(
      'pnpm --filter eval start explain baseline --images 200 pnpm --filter eval start explain method --images 200 pnpm --filter eval start report baseline method',
    );
    expect(textOf(page, '#repeat pre')).toContain(
      'pnpm --filter trainer start train --config method/config.yaml --out method-again',
    );
    expect(textOf(page, '#repeat')).toContain('model.nameresnet18resnet18-nla');
  });

  it('makes no network request and forbids them', () => {
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/(?:https?:)?\/\/[a-z]/i);
    expect(page).not.toMatch(
      /<(link|iframe|object|embed|base)\b|\bsrc="(?!data:)|@import|url\((?!#)/,
    );
    const policy = parseHTML(page)
      .document.querySelector('meta[http-equiv="Content-Security-Policy"]')
      ?.getAttribute('content');
    expect(policy).toMatch(
      /^default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'$/,
    );
  });

  it('does not compare runs that were tested on different images, and reports them', async () => {
    const other = await reportPage({ runs: [at('baseline'), at('elsewhere')] });
    expect(textOf(other, '#summary .note')).toContain(
      'shufflenetv2 was tested on different images than resnet18',
    );
    expect(textOf(other, '#disagreement')).toContain('were not tested on the same images');
    expect(textOf(other, '#summary .lead')).not.toContain('interval of the difference');
  });

  it('shows a single run without a validation set', async () => {
    await writeSyntheticRun(at('plain'), { model: 'resnet18', skill: 1, selected: false });
    const single = await reportPage({ runs: [at('plain')] });
    await expectValid(single);
    expect(single).not.toContain('id="disagreement"');
    expect(single).not.toContain('Where models disagree');
    expect(textOf(single, '#summary .lead')).toMatch(
      /resnet18 reaches an AUC of \d\d\.\d\d % \(95 % confidence interval/,
    );
    await expect(reportPage({ runs: [at('plain')], weights: 'selected' })).rejects.toThrow(
      /weights: got "selected", but no run of .*plain has a validation set/,
    );
  });

  it('does not mention repeats if there are none', () => {
    const rules = textOf(page, '#results .panel[data-weights="last"] ul.note');
    expect(rules).toContain('Weights: last epoch.');
    expect(rules).not.toMatch(/mean ±|of the mean|repeats/);
  });

  it('renders the same page from the same folders', async () => {
    expect(await reportPage({ runs: [at('baseline'), at('method')], base: folder })).toBe(page);
  });

  it('throws all issues of folders and options together', async () => {
    await expect(reportPage({ runs: [at('unfinished'), at('baseline')] })).rejects.toThrow(
      /unfinished: the run has not been tested: metrics\.json is missing/,
    );
    const error = await reportPage({ runs: [at('nowhere'), at('nothing')] }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).issues).toHaveLength(2);
    await expect(reportPage({})).rejects.toThrow(/experiment, runs: neither is given/);
    await expect(reportPage({ runs: [], images: -1 })).rejects.toThrow(/images: got -1/);
    await expect(reportPage({ runs: [] })).rejects.toThrow(/runs: is empty/);
  });
});

describe('the sheets of images', () => {
  /** A WebP image of one color as a run's sheet. */
  async function writeSheet(
    run: string,
    name: 'training' | 'test',
    level: number,
  ): Promise<string> {
    const background = { r: level, g: level, b: level };
    const webp = await sharp({ create: { width: 64, height: 64, channels: 3, background } })
      .webp()
      .toBuffer();
    await mkdir(at(run, 'sheets'), { recursive: true });
    await writeFile(at(run, 'sheets', `${name}.webp`), webp);
    return `data:image/webp;base64,${webp.toString('base64')}`;
  }
  const sheetsOf = (page: string): (readonly [caption: string, source: string | null])[] =>
    [...parseHTML(page).document.querySelectorAll('#inputs figure')].map((figure) => [
      (figure.querySelector('figcaption')?.textContent ?? '').replaceAll(/\s+/g, ' ').trim(),
      figure.querySelector('img')?.getAttribute('src') ?? null,
    ]);
  const runs = [at('sheets-a'), at('sheets-b')];

  it('are shown below the gallery, equal ones of several models once', async () => {
    for (const [index, path] of runs.entries())
      await writeSyntheticRun(path, { model: `model ${index}`, skill: 1, seed: index });
    expect(sheetsOf(await reportPage({ runs }))).toEqual([]);
    const training = await writeSheet('sheets-a', 'training', 10);
    const test = await writeSheet('sheets-a', 'test', 20);
    await writeSheet('sheets-b', 'test', 20);
    const other = await writeSheet('sheets-b', 'training', 30);
    const page = await reportPage({ runs });
    await expectValid(page);
    expect(sheetsOf(page)).toEqual([
      [expect.stringMatching(/^model 0: Training images as the network/), training],
      [expect.stringMatching(/^model 1: Training images as the network/), other],
      [expect.stringMatching(/^Test images after/), test],
    ]);
    const { document } = parseHTML(page);
    const sections = [...document.querySelectorAll('main > section')].map(({ id }) => id);
    expect(sections.slice(-4)).toEqual(['gallery', 'inputs', 'learning', 'repeat']);
    expect(textOf(page, 'nav a[href="#inputs"]')).toBe('What the network sees');
  });

  it('are left out if no images are requested, or if they do not fit, which is reported', async () => {
    expect(sheetsOf(await reportPage({ runs, images: 0 }))).toEqual([]);
    const [[, source]] = sheetsOf(await reportPage({ runs }));
    const page = await reportPage({ runs, bytes: Math.ceil((2.5 * source!.length) / 0.3) });
    expect(sheetsOf(page)).toHaveLength(2);
    expect(textOf(page, '#inputs .note')).toBe(
      'Sheets that do not fit on the page: 1. They are in the folders of the runs.',
    );
  });
});

describe('reportPage of an experiment', () => {
  it('shows published results, missing runs and means over repeats', async () => {
    const page = await reportPage({ experiment: at('experiment'), base: folder });
    await expectValid(page);
    const results = textOf(page, '#results .panel[data-weights="last"]');
    expect(results).toContain('paper 92.09 ± 1.39');
    expect(results).toContain('Not in the table: resnet18, repeat 3: not started.');
    expect(results).toMatch(/hynet/);
    expect(textOf(page, '#summary .panel[data-weights="last"] .lead')).toMatch(
      /Over 2 repeats, .* cannot be determined .*: both models have finished 2 repeats, at least 3 are needed\./,
    );
    expect(textOf(page, '#repeat pre')).toContain(
      'pnpm --filter trainer start experiment experiment/experiment.yaml --out experiment-again',
    );
  });

  it('throws if no run has been tested', async () => {
    await writeSyntheticExperiment(at('empty'), {
      skills: { resnet18: 1 },
      repeats: 1,
      unfinished: { 'resnet18/0': 'missing' },
    });
    await expect(reportPage({ experiment: at('empty') })).rejects.toThrow(
      /empty: has no tested run/,
    );
  });
});

describe('names from users', () => {
  it('escapes names of classes, images, folders and models', async () => {
    const run = at(`run ${evil.replaceAll('/', '')}`);
    const model = { classes: [evil, '</style><b>', '</script><!--'], skill: 1, images: 24 };
    await writeSyntheticRun(run, { ...model, model: evil });
    const csv = join(run, 'predictions/test-last.csv');
    writeFileSync(
      csv,
      (await readFile(csv, 'utf8')).replaceAll('images/', '<img src=x onerror=alert(2)>/'),
    );
    await rm(join(run, 'predictions/test-selected.csv'));
    const metrics = JSON.parse(await readFile(join(run, 'metrics.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    writeFileSync(
      join(run, 'metrics.json'),
      JSON.stringify({ ...metrics, selected: undefined, selectedEpoch: null }),
    );
    await writeSyntheticExplanations(run, { ...model, model: evil, explained: 4 });
    const page = await reportPage({ runs: [run] });
    await expectValid(page);
    const { document } = parseHTML(page);
    expect(
      [...document.querySelectorAll('script')].map((script) => script.getAttribute('type')),
    ).toEqual(['application/json', 'application/json', null]); // predictions, the gallery's images, the program
    expect(document.querySelectorAll('main b, [onerror], style').length).toBe(1);
    expect(document.querySelector('h1')?.textContent).toBe(evil);
    expect(textOf(page, '#confusion')).toContain('</script><!--');
    expect(
      (
        JSON.parse(document.querySelector('#gallery-data')?.textContent ?? '') as {
          classes: string[];
        }
      ).classes,
    ).toEqual(model.classes);
  });
});

describe('the gallery', () => {
  it('fits 200 images, two models and three layers into 5 MB', async () => {
    for (const [model, seed] of [
      ['a', 1],
      ['b', 2],
    ] as const) {
      const options = { model, seed, skill: 1, images: 220 };
      await writeSyntheticRun(at('large', model), options);
      await writeSyntheticExplanations(at('large', model), {
        ...options,
        explained: 200,
        size: 160,
        layers: ['e4', 'nam', 'fused'],
      });
    }
    const { bytes, file } = await writeReport({ runs: [at('large', 'a'), at('large', 'b')] });
    expect(bytes).toBeLessThan(5_000_000);
    expect(file).toBe(at('large', 'comparison.html'));
    const page = await readFile(file, 'utf8');
    expect(parseHTML(page).document.querySelectorAll('.card').length).toBe(200);
    expect(textOf(page, '#gallery > p')).toMatch(/^All 200 explained test images/);
  });

  it('reduces images that do not fit, then leaves them out and reports it', async () => {
    const page = await reportPage({ runs: [at('large', 'a'), at('large', 'b')], bytes: 700_000 });
    expect(Buffer.byteLength(page)).toBeLessThan(700_000);
    const shown = parseHTML(page).document.querySelectorAll('.card').length;
    expect(shown).toBeGreaterThan(20);
    expect(textOf(page, '#gallery > p')).toContain(`${200 - shown} more did not fit on the page.`);
  });

  it('selects correct and wrong predictions of every class', async () => {
    const page = await reportPage({ runs: [at('large', 'a')], images: 12 });
    const cards = [...parseHTML(page).document.querySelectorAll('.card')].map((card) =>
      [
        card.querySelector('.image')?.getAttribute('alt')?.split('true class ')[1],
        card.querySelector('.verdict')?.textContent?.[0],
      ].join(' '),
    );
    expect(cards).toHaveLength(12);
    expect(new Set(cards).size).toBe(6);
  });

  it('is left out if no images are requested', async () => {
    const page = await reportPage({ runs: [at('large', 'a')], images: 0 });
    expect(textOf(page, '#gallery p')).toBe('This page was created without images.');
  });

  it('has a column for each score that any map has', async () => {
    await writeSyntheticRun(at('scored'), { model: 'scored', skill: 1 });
    const columns = async (curves: boolean): Promise<string[]> => {
      await writeSyntheticExplanations(at('scored'), {
        model: 'scored',
        skill: 1,
        explained: 2,
        curves,
      });
      const { document } = parseHTML(await reportPage({ runs: [at('scored')] }));
      return [...document.querySelectorAll('#gallery-dialog thead th')].map(
        (head) => head.textContent ?? '',
      );
    };
    const localization = [
      'model',
      'prediction',
      'probability of true class',
      'pointing',
      'energy inside',
      'overlap',
    ];
    expect(await columns(false)).toEqual(localization);
    expect(await columns(true)).toEqual([...localization, 'deletion', 'insertion']);
  });

  it('reports missing files and the issues of an index', async () => {
    await writeSyntheticRun(at('holes'), { model: 'holes', skill: 1 });
    await writeSyntheticExplanations(at('holes'), { model: 'holes', skill: 1, explained: 6 });
    await rm(at('holes/explanations/0.webp'));
    await rm(at('holes/explanations/1-e4.png'));
    const page = await reportPage({ runs: [at('holes')] });
    expect(textOf(page, '#gallery > p')).toContain(
      '2 explanation files are missing or not images.',
    );
    expect(parseHTML(page).document.querySelectorAll('.card').length).toBe(5);
    const index = JSON.parse(await readFile(at('holes/explanations/index.json'), 'utf8')) as {
      images: { picture: string; label: number }[];
    };
    index.images[0].picture = '../../etc/passwd';
    index.images[1].label = 7;
    writeFileSync(at('holes/explanations/index.json'), JSON.stringify(index));
    await expect(reportPage({ runs: [at('holes')] })).rejects.toThrow(
      /images\.0\.picture: got "\.\.\/\.\.\/etc\/passwd" \(a path inside the folder/,
    );
  });
});

describe('writeReport', () => {
  it('writes the page into the folder of the run or experiment', async () => {
    expect((await writeReport({ runs: [at('baseline')] })).file).toBe(
      at('baseline', 'report.html'),
    );
    expect((await writeReport({ experiment: at('experiment') })).file).toBe(
      at('experiment', 'report.html'),
    );
    const written = await writeReport({ runs: [at('baseline')], file: at('page.html') });
    expect(written.bytes).toBe((await readFile(at('page.html'))).length);
    expect((await readdir(at('baseline'))).filter((name) => name.startsWith('report'))).toEqual([
      'report.html',
    ]);
  });
});
