import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tinyLesionsImage } from '@nonlocal-med/data';
import { parseRunConfig, startRun } from '@nonlocal-med/pipeline';
import type { Ended } from '@nonlocal-med/testing';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneLine, runEval, startEval } from './testing/runEval.js';

const folder = mkdtempSync(join(tmpdir(), 'eval-'));
const images = join(folder, 'images');
const evaluate = (...parameters: string[]): Promise<Ended> => runEval(folder, ...parameters);

beforeAll(async () => {
  for (let index = 0; index < 24; index++) {
    const { pixels, label } = tinyLesionsImage({ size: 64, seed: 1, index, classes: 2 });
    const classFolder = join(images, label === 0 ? 'none' : 'some');
    mkdirSync(classFolder, { recursive: true });
    await sharp(pixels.data, { raw: { width: 64, height: 64, channels: 3 } })
      .png()
      .toFile(join(classFolder, `${index}.png`));
  }
  for (const model of ['resnet18', 'resnet18-nla']) {
    const config = parseRunConfig({
      data: { path: images },
      split: { test: 0.34, validation: 0 },
      preprocessing: { size: 48 },
      model: { name: model },
      training: { epochs: 1, batchSize: 8 },
      // One run with its images loaded by threads, and with an explanation.
      ...(model === 'resnet18' && { loader: { workers: 0 }, explanations: { images: 0 } }),
    });
    await startRun(config, { folder: join(folder, model) });
  }
  cpSync(join(folder, 'resnet18'), join(folder, 'copies/resnet18'), { recursive: true });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('evaluate', () => {
  it("reproduces a run's metrics exactly", async () => {
    const { code, stdout } = await evaluate(
      'evaluate',
      'resnet18-nla',
      '--predictions',
      'again.csv',
    );
    expect(code).toBe(0);
    expect(stdout).toContain("Identical to the run's metrics.json in every digit.");
    expect(readFileSync(join(folder, 'again.csv'), 'utf8')).toBe(
      readFileSync(join(folder, 'resnet18-nla/predictions/test-last.csv'), 'utf8'),
    );
    const json = JSON.parse((await evaluate('evaluate', 'resnet18-nla', '--json')).stdout) as {
      repeated: boolean;
    };
    expect(json.repeated).toBe(true);
  });

  it('begins with what the run found in its data, if it recorded that', async () => {
    const run = join(folder, 'copies/cautious');
    cpSync(join(folder, 'resnet18'), run, { recursive: true });
    const file = join(run, 'environment.json');
    const environment = JSON.parse(readFileSync(file, 'utf8')) as { data: { cautions?: string[] } };
    expect(environment.data.cautions).toEqual([]);
    const results = 'Results on 8 images (95 % intervals)\n';
    const before = await evaluate('evaluate', 'copies/cautious');
    expect(before.stdout).toContain(`${results}Caution: The 95 % interval of the AUC`);
    environment.data.cautions = ['The given split leaks.'];
    writeFileSync(file, JSON.stringify(environment));
    const { stdout } = await evaluate('evaluate', 'copies/cautious');
    expect(stdout).toContain(`${results}Caution: The given split leaks.\n`);
    delete environment.data.cautions;
    writeFileSync(file, JSON.stringify(environment));
    expect((await evaluate('evaluate', 'copies/cautious')).stdout).toBe(before.stdout);
  });

  it('evaluates an exported model on another data set', async () => {
    const { code, stdout } = await evaluate(
      'evaluate',
      'resnet18/model',
      ...['--data', 'images', '--include-seen', '--json', '--out', 'all.json'],
    );
    expect(code).toBe(0);
    const result = JSON.parse(stdout) as { seen: { seen: object[] } };
    expect(result).toMatchObject({
      images: 24,
      classes: ['none', 'some'],
      seen: { images: 24, excluded: 0, includeSeen: true },
    });
    expect(result.seen.seen[0]).toMatchObject({ rule: 'same content', split: 'training' });
    expect(JSON.parse(readFileSync(join(folder, 'all.json'), 'utf8'))).toEqual(result);
  });

  it('leaves out images that the run was trained on, and says how many and why', async () => {
    const tested = readFileSync(join(folder, 'resnet18/predictions/test-last.csv'), 'utf8');
    const ids = (csv: string): string[] => csv.match(/^\w+\/\d+\.png/gm)!.sort();
    const count = ids(tested).length;
    const { code, stdout } = await evaluate(
      'evaluate',
      'resnet18',
      ...['--data', 'images', '--predictions', 'unseen.csv'],
    );
    expect(code).toBe(0);
    expect(stdout).toContain(`Results on ${count} images (95 % intervals)`);
    expect(oneLine(stdout)).toContain(
      `Excluded ${24 - count} of 24 images, which the model has seen: ${24 - count} used for training (${24 - count} with the same content). --include-seen keeps them.`,
    );
    expect(ids(readFileSync(join(folder, 'unseen.csv'), 'utf8'))).toEqual(ids(tested));
    const all = await evaluate('evaluate', 'resnet18', '--data', 'images', '--include-seen');
    expect(all.stdout).toContain('Results on 24 images');
    expect(oneLine(all.stdout)).toMatch(
      /INCLUDED although the model has seen them \(--include-seen\): \d+ of 24/,
    );
  });

  it('takes the options of a data set that training takes', async () => {
    const file = (label: number, index: number): string =>
      `images/${['none', 'some'][label]}/${index}.png`;
    const rows = Array.from({ length: 24 }, (_, i) => {
      const { label } = tinyLesionsImage({ size: 64, seed: 1, index: i, classes: 2 });
      return `${file(label, i)},${label},case-${Math.floor(i / 2)}`;
    });
    writeFileSync(join(folder, 'list.csv'), ['scan,finding,who', ...rows].join('\n'));
    const options = ['--data', 'list.csv', '--include-seen', '--label-map', '0=none,1=some'];
    const { stdout, stderr } = await evaluate(
      'evaluate',
      'resnet18',
      ...options,
      ...['--file-column', 'scan', '--label-column', 'finding', '--group-column', 'who'],
    );
    expect(stderr).not.toContain('error');
    expect(stdout).toContain('Results on 24 images (95 % intervals, patients resampled)');
    const set = await evaluate(
      'evaluate',
      'resnet18',
      ...[...options, '--kind', 'csv', '--json', '--set', 'data.fileColumn=scan'],
      ...['data.labelColumn=finding', 'data.groupColumn=who'],
    );
    expect(JSON.parse(set.stdout)).toMatchObject({
      images: 24,
      report: { bootstrap: { grouped: true } },
    });
  });

  it('tests a data set with one of the classes only', async () => {
    const { code, stdout } = await evaluate(
      'evaluate',
      'resnet18',
      ...['--data', 'images', '--label-map', 'none=,some=some', '--include-seen'],
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/AUC +-\n/);
    expect(oneLine(stdout)).toMatch(/Not defined: AUC.* \(every sample is of class "some"\)\./);
    expect(stdout).toContain('Absent from the samples: "none".');
  });

  it('reports what is missing', async () => {
    expect(await evaluate('evaluate', 'nowhere')).toMatchObject({ code: 2, stdout: '' });
    expect((await evaluate('evaluate', 'resnet18/model')).stderr).toMatch(/--data: missing/);
  });
});

describe('the command line', () => {
  it('is that of a program, which prints to its streams and ends with the exit code', async () => {
    const help = await startEval(folder, 'evaluate', '--help');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toBe((await evaluate('evaluate', '--help')).stdout);
    const command = ['evaluate', 'nowhere'];
    const refused = await startEval(folder, ...command);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused).toEqual(await evaluate(...command));
    const compare = ['compare', 'resnet18', 'resnet18-nla', '--format', 'csv'];
    const compared = await startEval(folder, ...compare);
    expect(compared.code).toBe(0);
    expect(compared).toEqual(await evaluate(...compare));
  });

  it.each([
    ['--help'],
    ['evaluate', '--help'],
    ['predict', '--help'],
    ['compare', '--help'],
    ['report', '--help'],
    ['explain', '--help'],
    ['figure', '--help'],
  ])('%s %s prints help and exits with 0', async (...parameters) => {
    const { code, stdout } = await evaluate(...parameters.filter(Boolean));
    expect(code).toBe(0);
    expect(stdout).toContain('Usage: eval');
  });

  it.each([
    [['evalute'], /unknown command 'evalute'\n\(Did you mean evaluate\?\)/],
    [
      ['evaluate', 'resnet18', '--wieghts', 'last'],
      /unknown option '--wieghts'\n\(Did you mean --weights\?\)/,
    ],
    [['evaluate', 'resnet18', '--weights', 'best'], /Allowed choices are selected, last/],
    [['evaluate', 'resnet18', '--weights', 'selected'], /the run has no selected weights/],
    [
      ['evaluate', 'resnet18', '--on-bad-image', 'skip'],
      /--on-bad-image: got "skip", which has no effect \(only with --data\)/,
    ],
    [
      ['evaluate', 'resnet18', '--include-seen'],
      /--include-seen: got "true", which has no effect \(only with --data\)/,
    ],
    [
      ['evaluate', 'resnet18', '--data', 'images', '--set', 'training.epochs=2'],
      /--set: got "training\.epochs=2" \(an option of the data set, such as/,
    ],
    [
      ['evaluate', 'resnet18', '--data', 'images', '--label-map', 'none'],
      /--label-map: got "none" \(label=class,label=class such as/,
    ],
    [
      ['evaluate', 'resnet18', '--data', 'images', '--label-map', 'none=healthy,some=some'],
      /the model does not know the class "healthy" \(its classes: none, some;/,
    ],
    [
      ['evaluate', 'resnet18', '--data', 'images', '--weights', 'last'],
      /--weights: got "last", which has no effect/,
    ],
    [
      ['predict', 'resnet18', 'images', '--layer', 'e1'],
      /--layer: got "e1", which has no effect \(only with --explain\)/,
    ],
    [
      ['predict', 'resnet18', 'images', '--classes', 'some'],
      /--classes: got "some", which has no effect \(only with --explain\)/,
    ],
    [
      ['predict', 'resnet18', 'images/none/0.png', '--explain', 'overlays', '--classes', 'somme'],
      /unknown class "somme" \(did you mean "some"\?/,
    ],
    [
      ['explain', 'resnet18', '--attention-at', '4', '--step', '3', '--images', '0'],
      /--attention-at: got "4"[\s\S]*--step: got "3" \(only with --curves\)[\s\S]*--images: got "0"/,
    ],
    [
      ['explain', 'resnet18', '--attention-at', '4,4', '--layers', 'fused'],
      /resnet18 has no layer "fused"[\s\S]*resnet18 has no non-local attention module/,
    ],
    [['explain', 'resnet18', '--images', 'some/7.png,none/9.png'], /images: unknown image/],
    [['figure', 'resnet18', '--out', 'panel.jpg'], /--out: got "panel\.jpg"/],
    [
      ['figure', 'resnet18', '--out', 'roc.png', '--kind', 'roc'],
      /--out: got "roc\.png" \(a \.svg file for --kind roc\)/,
    ],
    [
      ['figure', 'resnet18', '--out', 'roc.svg', '--kind', 'roc', '--images', '4'],
      /--images: got "4", which has no effect \(only with --kind maps\)/,
    ],
    [['figure', 'resnet18', '--out', 'panel.png', '--titles', 'a,b'], /--titles: got 2 titles/],
    [['figure', 'resnet18'], /required option '--out <file>'/],
    [
      ['predict', 'resnet18', 'gone', 'x/*.png', 'resnet18/tensorboard'],
      /gone: does not exist[\s\S]*x\/\*\.png: matches no file[\s\S]*tensorboard: contains no images/,
    ],
    [
      ['predict', 'resnet18', '--json', 'images/none/0.png', 'images/some'],
      /--json: got "images\/none\/0\.png" \(a file that ends in \.json, or - to print; images come before/,
    ],
    [
      ['predict', 'resnet18', 'images', '--csv', 'list.tsv', '--json', '-'],
      /--csv: got "list\.tsv" \(a file that ends in \.csv/,
    ],
    [
      ['predict', 'resnet18', 'list.csv', 'images', '--csv', './list.csv'],
      /--csv: "\.\/list\.csv" is one of the inputs/,
    ],
    [
      ['predict', 'resnet18', 'images', '--csv', '-', '--json'],
      /--json: CSV and JSON cannot both be printed/,
    ],
    [
      ['predict', 'resnet18', 'images', '--include-seen'],
      /--include-seen: got "true", which has no effect \(only with labels: a manifest/,
    ],
    [
      ['predict', 'resnet18', 'images', '--ignore-labels', '--folder-labels'],
      /--folder-labels: got "true", which has no effect \(not with --ignore-labels\)/,
    ],
    [
      ['predict', 'resnet18', 'images', '--folder-labels', '--label-map', 'none=healthy,some=some'],
      /class "healthy" is not one of the classes[\s\S]*--label-map renames labels/,
    ],
    [
      ['predict', 'resnet18', 'images/none/0.png', '--explain', 'overlays', '--layer', 'e9'],
      /layer: resnet18 has no layer "e9"/,
    ],
    [
      ['predict', 'resnet18', 'images', '--on-bad-image', 'ignore'],
      /Allowed choices are fail, skip/,
    ],
    [['compare', 'resnet18', 'images'], /images: is not a run folder: none of config\.yaml/],
    [
      ['compare', 'resnet18'],
      /got 1 run \(give two or more runs, or the folder of an experiment\)/,
    ],
    [
      ['compare', 'resnet18', 'resnet18-nla', '--weights', 'selected'],
      /2 problems:[\s\S]*resnet18: the run has no best checkpoint[\s\S]*resnet18-nla: the run has no/,
    ],
    [
      ['compare', 'resnet18', 'resnet18-nla', '--out', 'table.doc'],
      /--out: got "table\.doc", whose extension is not a known format/,
    ],
    [['report', 'images'], /images: is not a run folder/],
    [['report', 'resnet18', '--images', 'many'], /Expected an integer of at least 0/],
    [
      ['report', 'resnet18', '--weights', 'selected'],
      /weights: got "selected", but no run of .* has a validation set/,
    ],
  ] as const)('rejects %j with exit code 2', async (parameters, message) => {
    const { code, stdout, stderr } = await evaluate(...parameters);
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('explain', () => {
  it('writes overlays and an index into the run and prints the scores of each layer', async () => {
    const { code, stdout } = await evaluate(
      'explain',
      'resnet18-nla',
      '--images',
      '4',
      '--curves',
      '--step',
      '400',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^4 images, none with a lesion mask; last weights; means with 95 % intervals\n\s+Grad-CAM\+\+ at e1\s+Grad-CAM at fused\s+attention source at nam\n/,
    );
    expect(stdout).toMatch(/deletion\s+0\.\d{3} \(0\.\d{3}-0\.\d{3}\)/);
    expect(stdout).toContain(`Overlays: ${join(folder, 'resnet18-nla', 'explanations')}`);
    const index = JSON.parse(
      readFileSync(join(folder, 'resnet18-nla/explanations/index.json'), 'utf8'),
    ) as { images: { maps: unknown[] }[] };
    expect(index.images.map(({ maps }) => maps.length)).toEqual([3, 3, 3, 3]);
    expect(
      Math.max(
        ...stdout
          .split('\n')
          .slice(0, -2)
          .map(({ length }) => length),
      ),
    ).toBeLessThanOrEqual(80);
  });

  it('explains another data set, as JSON', async () => {
    const { code, stdout } = await evaluate(
      'explain',
      'resnet18',
      '--data',
      'images',
      '--images',
      '2',
      '--classes',
      'all',
      '--layers',
      'e3',
      '--out',
      'elsewhere',
      '--json',
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      folder: join(folder, 'elsewhere'),
      images: 2,
      layers: [{ layer: 'e3', images: 2, withLesions: 0, pointing: null }],
    });
  });
});

describe('figure', () => {
  it('renders runs side by side and lists the images', async () => {
    const { code, stdout } = await evaluate(
      'figure',
      'resnet18',
      'resnet18-nla@nam',
      '--out',
      'panel.png',
      '--images',
      '2',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /Test images on which the runs differ first[\s\S]*\n {2}(none|some)\/\d+\.png\n {2}(none|some)\/\d+\.png\n/,
    );
    // Three columns, and the color bar of the maps with its labels.
    expect((await sharp(join(folder, 'panel.png')).metadata()).width).toBe(10 + 3 * 250 + 56);
  });
});

describe('report', () => {
  it('writes a page into the folder of the runs and prints its path and size', async () => {
    const { code, stdout } = await evaluate('report', 'resnet18', 'resnet18-nla');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^comparison\.html: [\d.]+ KiB, opens in any browser, also offline\n$/);
    expect(readFileSync(join(folder, 'comparison.html'), 'utf8')).toContain(
      'pnpm --filter eval start evaluate resnet18\n',
    );
    const single = await evaluate('report', 'resnet18', '--images', '0', '--json');
    expect(JSON.parse(single.stdout)).toMatchObject({ file: join(folder, 'resnet18/report.html') });
  });
});

describe('compare', () => {
  it('prints two runs side by side with paired tests', async () => {
    const { code, stdout } = await evaluate('compare', 'resnet18', 'resnet18-nla');
    expect(code).toBe(0);
    expect(stdout).toMatch(/AUC(\s+\d\.\d{3} \(\d\.\d\d to \d\.\d\d\)){2}/);
    expect(stdout).toMatch(/AUC\s+[+-]\d\.\d{3} \([+-]\d\.\d{3} to [+-]\d\.\d{3}\)\s+\d\.\d{3}/);
    expect(stdout).toMatch(/DeLong's test on \d+ test images/);
  });

  it('corrects the comparison of more than two runs for their number', async () => {
    const { code, stdout } = await evaluate(
      'compare',
      'resnet18',
      'resnet18-nla',
      'copies/resnet18',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/AUC\s+difference from first\s+p \(Holm\)/);
    expect(stdout).toMatch(/p =\s+1\.000\s+after\s+Holm's\s+correction\s+for\s+2\s+comparisons/);
  });

  it('writes files in the format of their extension', async () => {
    for (const [name, content] of [
      ['table.md', /^\| {2}\| AUC \|/m],
      ['table.csv', /^run,metric,weights,value,/],
      ['table.tex', /\\toprule/],
      ['table.json', /"weights": "last"/],
    ] as const) {
      expect(await evaluate('compare', 'resnet18', 'resnet18-nla', '--out', name)).toEqual({
        code: 0,
        stdout: '',
        stderr: `Written: ${name}\n`,
      });
      expect(readFileSync(join(folder, name), 'utf8')).toMatch(content);
    }
  });

  it("prints an experiment's table next to the published one", async () => {
    const rows = [
      {
        key: 'resnet18',
        title: 'ResNet18',
        baseline: null,
        reproduced: true,
        published: { AUC: [92.09, 1.39], SEN: [77.5, 2.59], ACC: [90.51, 1.21] },
      },
      {
        key: 'resnet18-nla',
        title: 'ResNet18 + NAM + DB + NVCF',
        baseline: 'resnet18',
        reproduced: true,
      },
    ];
    const runs = rows.map(({ key }) => ({ row: key, repeat: 0, folder: key }));
    writeFileSync(
      join(folder, 'experiment.json'),
      JSON.stringify({
        format: 1,
        name: 'pair',
        caption: 'A pair',
        data: 'drawn',
        repeats: { kind: 'splits', count: 2 },
        rows,
        runs: [...runs, { row: 'resnet18', repeat: 1, folder: 'later' }],
        notes: ['A note.'],
      }),
    );
    const { code, stdout } = await evaluate('compare', '.');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^A pair \(pair, data drawn, last epoch\)/);
    expect(stdout).toContain('(92.09 ± 1.39)');
    expect(stdout).toContain('resnet18, repeat 2: not started');
    expect(stdout).toContain('too few repeats');
    const long = stdout.split('\n').filter(({ length }) => length > 80);
    expect(long.filter((line) => !line.startsWith('pnpm '))).toEqual([]); // commands stay whole
    expect((await evaluate('compare', '.', '--format', 'tex')).stdout).toContain(
      '92.09 $\\pm$ 1.39',
    );
  });
});
