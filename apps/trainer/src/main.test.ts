import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPreprocessing, optionValue } from '@nonlocal-med/core';
import { tinyLesionsImage } from '@nonlocal-med/data';
import { useEngine } from '@nonlocal-med/engine';
import { createModel } from '@nonlocal-med/models';
import { exportModel } from '@nonlocal-med/models/node';
import { configurableOptions } from '@nonlocal-med/pipeline';
import type { Ended, OnOutput } from '@nonlocal-med/testing';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runTrainer, startTrainer } from './testing/runTrainer.js';

const folder = mkdtempSync(join(tmpdir(), 'trainer-'));
const images = join(folder, 'images');
const otherWeights = join(folder, 'other.safetensors');
const small = [
  '--model',
  'resnet18',
  '--size',
  '48',
  '--batch',
  '8',
  '--contrast',
  'none',
  '--test',
  '0.25',
  '--validation',
  '0',
];

const trainer = (parameters: readonly string[]): Promise<Ended> => runTrainer(folder, parameters);
const started = (parameters: readonly string[], onOutput?: OnOutput): Promise<Ended> =>
  startTrainer(folder, parameters, onOutput);

const widest = (text: string): number => Math.max(...text.split('\n').map(({ length }) => length));

/** A copy of the intact data set with one change. */
function variant(name: string, change: (root: string) => void): string {
  const root = join(folder, name);
  for (const label of ['none', 'some']) {
    mkdirSync(join(root, label), { recursive: true });
    for (let index = 0; index < 8; index++)
      copyFileSync(join(images, label, `${index}.png`), join(root, label, `${index}.png`));
  }
  change(root);
  return root;
}

beforeAll(async () => {
  for (let index = 0; index < 24; index++) {
    const { pixels, label } = tinyLesionsImage({ size: 64, seed: 1, index, classes: 2 });
    const place = join(images, label === 0 ? 'none' : 'some');
    mkdirSync(place, { recursive: true });
    await sharp(pixels.data, { raw: { width: 64, height: 64, channels: 3 } })
      .png()
      .toFile(join(place, `${Math.floor(index / 2)}.png`));
  }
});

beforeAll(async () => {
  await useEngine({ backend: 'wasm' });
  const model = createModel('shufflenetv2', { classes: 2, inputSize: 64 });
  await exportModel(model, join(folder, 'other'), {
    labels: ['none', 'some'],
    preprocessing: { ...defaultPreprocessing, size: [64, 64] },
  });
  copyFileSync(join(folder, 'other/weights.safetensors'), otherWeights);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the command line', () => {
  // The help of all commands is checked by tooling/checks, in one process.
  it.each([[['--help']], [['data', 'check', '--help']]])(
    '%j prints help and exits with 0',
    async (parameters) => {
      const { code, stdout } = await trainer(parameters);
      expect(code).toBe(0);
      expect(stdout).toContain('Usage: trainer');
      expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(90);
    },
  );

  it('is that of a program, which prints to its streams and ends with the exit code', async () => {
    for (const [code, ...parameters] of [
      [0, 'data', 'check', '--help'],
      [2, 'trian'],
      [2, 'resume', 'nowhere'],
      [0, 'models', 'resnet18-nla'],
    ] as const) {
      const ended = await started(parameters);
      expect(ended.code).toBe(code);
      expect(ended[code === 0 ? 'stderr' : 'stdout']).toBe('');
      expect(ended).toEqual(await trainer(parameters));
    }
  });

  it.each([
    [['trian'], /^error: trainer: unknown command "trian" \(did you mean "train"\?/],
    [['data', 'chek'], /unknown command 'chek'\n\(Did you mean check\?\)/],
    [['train', '--out', 'x', '--set', 'epochs'], /^error: --set: got "epochs" \(path=value\)/],
    [['train', '--out', 'x', '--config', 'missing.yaml'], /missing\.yaml: there is no such file/],
    [['--seed', 'abc'], /argument 'abc' is invalid\. Expected an integer of at least 0/],
    [['models', '--size', '3'], /model\.inputSize: got 3/],
    [['experiment', 'table4'], /experiment "table4" \(did you mean "table\d"\?/],
    [['experiment', 'missing.yaml'], /missing\.yaml: there is no such file/],
    [
      ['experiment', 'table1', '--rows', 'resnet18,resnet'],
      /--rows: unknown row "resnet" \(did you mean "resnet18"\?/,
    ],
    [
      ['experiment', 'table1', '--repeats', '0'],
      /argument '0' is invalid\. Expected an integer of at least 1/,
    ],
    [
      ['experiment', 'table1', '--weights', 'imagnet'],
      /--weights: got "imagnet" \("imagenet", "none", or BACKBONE=FILE/,
    ],
    [
      ['experiment', 'table1', '--weights', 'resnet18=x.pth'],
      /weights: has no file for the backbone shufflenetv2/,
    ],
    [
      ['experiment', 'table3', '--weights', 'resnet18=x.pth'],
      /weights: .*x\.pth: there is no such file/,
    ],
    [
      ['experiment', 'table3', '--epochs', '0', '--size', '7'],
      /2 problems:[\s\S]*training\.epochs: got 0/,
    ],
    [['models', 'resnet'], /unknown model "resnet"/],
    [['resume', 'nowhere'], /nowhere: does not exist/],
    [['train', '--eppochs', '3', '--out', 'x'], /unknown option '--eppochs'[\s\S]*--epochs/],
    [['train'], /--data: missing/],
    [['options', 'trainig'], /unknown section or option "trainig" \(did you mean "training"\?/],
  ] as const)('rejects %j with exit code 2', async (parameters, message) => {
    const { code, stderr } = await trainer(parameters);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('wrong input of train', () => {
  const cases: [string, () => string[], RegExp][] = [
    ['a missing folder', () => ['--data', 'nowhere'], /no such file or folder.*nowhere/],
    [
      'an empty class',
      () => ['--data', variant('empty', (root) => mkdirSync(join(root, 'third')))],
      /third.*no images|class "third"/,
    ],
    [
      'a truncated image',
      () => ['--data', variant('truncated', (root) => truncateSync(join(root, 'some/3.png'), 900))],
      /some\/3\.png.*(cut off|damaged)/,
    ],
    [
      'one image in two classes',
      () => [
        '--data',
        variant('twice', (root) =>
          copyFileSync(join(root, 'some/1.png'), join(root, 'none/copy.png')),
        ),
      ],
      /copy\.png[\s\S]*some\/1\.png|some\/1\.png[\s\S]*copy\.png/,
    ],
    [
      'an unknown column',
      () => [
        '--data',
        variant('column', (root) =>
          writeFileSync(join(root, 'labels.csv'), 'file,grade\nnone/0.png,0\nsome/0.png,1\n'),
        ) + '/labels.csv',
        '--label-column',
        'grades',
      ],
      /"?grades"?.*grade/,
    ],
    [
      'a missing file of a manifest',
      () => [
        '--data',
        variant('missing', (root) =>
          writeFileSync(
            join(root, 'labels.csv'),
            'file,label\nnone/0.png,a\nnone/99.png,a\nsome/0.png,b\n',
          ),
        ) + '/labels.csv',
      ],
      /99\.png/,
    ],
    [
      'an unknown model',
      () => ['--data', images, '--model', 'resnet81'],
      /unknown model "resnet81" \(did you mean "resnet18"\?/,
    ],
    [
      'options out of range, all together',
      () => ['--data', images, '--epochs', '0', '--size', '7', '--set', 'training.learningRat=1'],
      /3 problems:[\s\S]*preprocessing\.size: got 7[\s\S]*training\.epochs: got 0[\s\S]*training\.learningRat/,
    ],
    [
      'an option with a wrong name',
      () => ['--data', images, '--set', 'training.learningRat=1'],
      /training\.learningRat.*did you mean "learningRate"/,
    ],
    [
      'weights of another model',
      () => ['--data', images, '--weights', otherWeights],
      /other\.safetensors[\s\S]*conv1/,
    ],
    [
      'a weight file that is not one',
      () => ['--data', images, '--weights', join(images, 'none/0.png')],
      /0\.png/,
    ],
  ];
  it.each(cases)(
    'exits with 2, one readable message and no run: %s',
    async (_, parameters, message) => {
      const out = join(folder, 'refused');
      const { code, stdout, stderr } = await trainer([
        'train',
        ...small,
        '--epochs',
        '1',
        '--out',
        out,
        ...parameters(),
      ]);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/\n\s+at /);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(existsSync(out)).toBe(false);
    },
  );

  it('exits with 2 and one line that names the file if ImageNet weights cannot be downloaded', async () => {
    const out = join(folder, 'offline');
    vi.stubEnv('PIP_PROXY', 'http://127.0.0.1:1'); // nothing listens there
    vi.stubEnv('NO_PROXY', '');
    vi.stubEnv('NONLOCAL_MED_CACHE', join(folder, 'cache'));
    const { code, stdout, stderr } = await started([
      'train',
      ...small,
      '--engine',
      'wasm',
      '--data',
      images,
      '--weights',
      'imagenet',
      '--epochs',
      '1',
      '--out',
      out,
    ]);
    vi.unstubAllEnvs();
    expect(stderr).toMatch(
      /\nerror: The ImageNet weights https:\S+resnet18-f37072fd\.pth cannot be downloaded \(.*\); download the file by other means and give its path\.\n$/,
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(existsSync(out)).toBe(false);
  });

  it('reports all issues of a configuration together', async () => {
    const { stderr } = await trainer([
      'train',
      ...small,
      '--data',
      images,
      '--out',
      'x',
      '--epochs',
      '0',
      '--batch',
      'many',
      '--model',
      'resnet81',
    ]);
    for (const part of ['training.epochs', 'training.batchSize', '"many"', 'resnet81'])
      expect(stderr).toContain(part);
  });

  it('skips a bad image if requested, and records it in the run', async () => {
    const root = variant('skipped', (place) => truncateSync(join(place, 'some/3.png'), 900));
    const { code, stderr } = await trainer([
      'train',
      ...small,
      '--epochs',
      '1',
      '--data',
      root,
      '--on-bad-image',
      'skip',
      '--out',
      'skipping',
    ]);
    expect(stderr).toContain('Skipped 1 unreadable image');
    expect(code).toBe(0);
    const environment = JSON.parse(
      readFileSync(join(folder, 'skipping/environment.json'), 'utf8'),
    ) as { data: { skipped: { file: string }[] } };
    expect(environment.data.skipped.map(({ file }) => file)).toEqual([join(root, 'some/3.png')]);
  });
});

describe('train and resume', () => {
  it('puts observations that make results unreliable above the results and on the page', async () => {
    const root = variant('visits', (place) => {
      for (const [label, patient] of [
        ['none', 10000000],
        ['some', 20000000],
      ] as const)
        for (let index = 0; index < 8; index++)
          renameSync(
            join(place, label, `${index}.png`),
            join(place, label, `${patient + Math.floor(index / 4)}_00${index % 4}.png`),
          );
    });
    const options = [...small, '--epochs', '1', '--data', root];
    const { code, stdout } = await trainer(['train', ...options, '--out', 'unreliable']);
    expect(code).toBe(0);
    const caution =
      /Caution: Judging by file names, [1-4] of 4 test images likely shows? a patient who is also in the training/;
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      new RegExp(`Results on 4 test images \\(95 % intervals\\) ${caution.source}`),
    );
    const read = (name: string): string =>
      readFileSync(join(folder, 'unreliable', name), 'utf8').replaceAll(
        /<\/?strong>|\s+(?=\s)/g,
        '',
      );
    expect(read('report.html')).toMatch(caution);
  });

  const long = ['--epochs', '3', '--data', 'images', '--seed', '3'];

  it('exits with 130 and a checkpoint after Ctrl-C, and resumes to the weights of an uninterrupted run', async () => {
    const whole = await started(['train', ...small, ...long, '--out', 'whole', '--json']);
    expect(whole.code).toBe(0);
    const events = whole.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    expect(events.at(-1)).toMatchObject({ type: 'result', reason: 'finished' });
    expect(whole.stderr).toBe('');
    let sent = false;
    const stopped = await started(
      ['train', ...small, ...long, '--out', 'stopped', '--json'],
      (text, kill) => {
        if (sent || !text.includes('"type":"step"')) return;
        sent = true;
        kill('SIGINT');
      },
    );
    expect(stopped.code).toBe(130);
    expect(existsSync(join(folder, 'stopped/metrics.json'))).toBe(false);
    const resumed = await started(['resume', 'stopped']);
    expect(resumed.stderr).toContain('resumed after step');
    expect(resumed.code).toBe(0);
    for (const file of ['model/weights.safetensors', 'predictions/test-last.csv', 'metrics.json'])
      expect(
        readFileSync(join(folder, 'stopped', file)).equals(
          readFileSync(join(folder, 'whole', file)),
        ),
        file,
      ).toBe(true);
    expect(stopped.stderr).toContain('Stopping after this step and saving');
    const again = await trainer(['resume', 'stopped']);
    expect(again.code).toBe(0);
    expect(again.stdout).toMatch(/^\nResults on \d+ test images/);
    expect(again.stderr).toMatch(/complete/);
  });

  it('rejects the folder of another run', async () => {
    const { code, stderr } = await trainer(['train', ...small, ...long, '--out', 'whole']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/already holds a run/);
  });
});

describe('models and data check', () => {
  it('lists the models with the parameter counts of the specification', async () => {
    const { stdout } = await trainer(['models', '--classes', '4']);
    expect(stdout).toMatch(/resnet18-nla\s+11,187,652/);
    expect(stdout).toMatch(/resnet18 \s+11,178,564/);
    expect(stdout).toMatch(/shufflenetv2 +97x97x24 +49x49x116 +25x25x232 +13x13x464/);
    expect(widest(stdout)).toBeLessThanOrEqual(80);
  });

  it('prints the contents of a data set and its split', async () => {
    const { code, stdout } = await trainer(['data', 'check', '--data', 'images', '--test', '0.25']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/images: 24 images in 2 classes/);
    expect(stdout).toMatch(/none\s+12\s+50\.0 %\s+12/);
  });

  it('lists every image with its file, class, group and part of the split', async () => {
    const list = join(folder, 'list.csv');
    const { code, stderr } = await trainer(
      ['data', 'check', '--data', 'images', '--test', '0.25', '--validation', '0'].concat([
        '--group-pattern',
        '(\\d+)',
        '--list',
        list,
        '--keep-formulas',
      ]),
    );
    expect(code, stderr).toBe(0);
    const [header, ...lines] = readFileSync(list, 'utf8').trim().split('\n');
    expect(header).toBe('id,file,frame,class,group,split');
    expect(lines).toHaveLength(24);
    expect(lines[0]).toMatch(/^none\/0\.png,.*images.none.0\.png,,none,0,(training|test)$/);
    expect(lines.filter((line) => line.endsWith(',test'))).toHaveLength(6);
  });

  it('draws what the network would see', async () => {
    const { code, stdout, stderr } = await trainer(
      ['data', 'preview', '--data', 'images', '--test', '0.25', '--validation', '0'].concat([
        '--size',
        '48x40',
        '--augment',
        'xray',
        '--fit',
        'letterbox',
        '--out',
        'seen.png',
      ]),
    );
    expect(stderr).toContain('augmentation: xray (as given');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `Drawn: 18 training images as in the first epoch, 6 test images\nPreview: ${join(folder, 'seen.png')}\n`,
    });
    const { format, width } = await sharp(join(folder, 'seen.png')).metadata();
    expect([format, width]).toEqual(['png', 10 + 8 * (3 * 40 + 10)]);
    const wrong = await trainer(['data', 'preview', '--data', 'images', '--out', 'seen.jpg']);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('error: --out: got "seen.jpg" (a .png file)');
  });

  it('tests learning rates with the options of a training, and draws the loss', async () => {
    const common = ['--data', 'images', '--size', '32', '--model', 'shufflenetv2', '--set'].concat([
      'model.width=0.5',
      '--batch',
      '4',
      '--steps',
      '20',
      '--from',
      '1e-5',
    ]);
    const { code, stdout, stderr } = await trainer([
      'learning-rate',
      ...common,
      '--out',
      'rates.svg',
    ]);
    expect(stderr).toContain('testing learning rates');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^(No learning rate stands out|Learning rate: 0\.\d+)/);
    expect(stdout).toMatch(/Tested: \d+ steps from 0\.00001 to /);
    expect(stdout).toContain(`Plot: ${join(folder, 'rates.svg')}\n`);
    expect(readFileSync(join(folder, 'rates.svg'), 'utf8')).toContain('<circle');
    const wrong = await trainer(['learning-rate', '--data', 'images', '--learning-rate', '1e-3']);
    expect(wrong.stderr).toContain("unknown option '--learning-rate'");
    const automatic = await trainer(['learning-rate', '--data', 'images', '--batch', 'auto']);
    expect(automatic.stderr).toContain('--batch: got "auto", which is measured by train');
  });

  it('prints every option of a model with description, values and default', async () => {
    for (const name of ['resnet18-nla', 'resnet18-nonlocal', 'resnet18-ccnet']) {
      const { code, stdout } = await trainer(['models', name]);
      expect(code).toBe(0);
      expect(widest(stdout)).toBeLessThanOrEqual(80);
      const text = stdout.replaceAll(/\s+/g, ' ');
      for (const { path, values, default: preset, description } of configurableOptions(name)) {
        expect(text).toContain(`${path} ${description} ${values}; default: ${optionValue(preset)}`);
      }
    }
  });

  it('exits with 2 for a data set with issues, and prints JSON', async () => {
    expect(
      await trainer([
        'data',
        'check',
        '--data',
        variant('unread', (root) => writeFileSync(join(root, 'some/3.png'), 'no image')),
      ]),
    ).toMatchObject({ code: 2, stdout: '' });
    const few = await trainer([
      'data',
      'check',
      '--data',
      variant('few', (root) =>
        readdirSync(join(root, 'some'))
          .slice(1)
          .forEach((name) => rmSync(join(root, 'some', name))),
      ),
      '--json',
    ]);
    expect(few.code).toBe(2);
    expect(
      (JSON.parse(few.stdout) as { split: { issues: { message: string }[] } }).split.issues[0]
        .message,
    ).toMatch(/class "some" has 1 image/);
  });

  it('reads options from a file, flags and --set in increasing precedence, with paths relative to the user', async () => {
    writeFileSync(
      join(folder, 'options.yaml'),
      'data:\n  path: images\nseed: 5\nsplit:\n  test: 0.5\n  validation: 0.2\n',
    );
    const { code, stdout } = await trainer([
      'data',
      'check',
      '--config',
      'options.yaml',
      '--test',
      '0.3',
      '--set',
      'split.test=0.25',
      '--json',
    ]);
    expect(code).toBe(0);
    const { split } = JSON.parse(stdout) as { split: Record<string, { images: number }> };
    expect([split.test.images, split.validation.images]).toEqual([6, 4]);
  });

  it('reports how to continue if Ctrl-C comes before the first checkpoint', async () => {
    let sent = false;
    const stopped = await started(
      ['--images', '60', '--size', '64', '--epochs', '50', '--out', 'interrupted'],
      (text, kill) => {
        if (sent || !text.includes('training images')) return;
        sent = true;
        kill('SIGINT');
      },
    );
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(
      /Continue this model with:\npnpm --filter trainer start resume .*interrupted\/resnet18\n$/,
    );
    expect(stopped.stderr).not.toContain('error:');
  });
});

describe('the demonstration', () => {
  it('prints both models side by side with intervals and a conclusion', async () => {
    const { code, stdout } = await trainer([
      '--images',
      '60',
      '--size',
      '64',
      '--epochs',
      '1',
      '--out',
      'demonstration',
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      / resnet18, .* resnet18-nla, [\s\S]*AUC +\d\.\d{3} \(\d\.\d\d to \d\.\d\d\) +\d\.\d{3} \(/,
    );
    expect(
      Math.max(
        ...stdout
          .split('\n')
          .slice(0, -7)
          .map(({ length }) => length),
      ),
    ).toBeLessThanOrEqual(80);
    // 24 test images in four classes: cautions as for any other run, between the title and the table.
    expect(stdout).toMatch(
      /Results on 24 held-out .*\nCaution: [\s\S]*The\s+test\s+set\s+is\s+too\s+small\s+to\s+judge [\s\S]*\nAUC /,
    );
    // The images are synthetic: nothing is to be had from a cross-validation.
    expect(stdout).not.toContain('cross-validation');
    expect(stdout).toMatch(/the difference is (not )?statistically significant/);
    expect(stdout.trim().split('\n').at(-1)).toBe(
      `Report: ${join(folder, 'demonstration/report.html')}`,
    );
    expect(readFileSync(join(folder, 'demonstration/report.html'), 'utf8')).toContain(
      '<h1>resnet18 and resnet18-nla</h1>',
    );
    for (const model of ['resnet18', 'resnet18-nla'])
      expect(existsSync(join(folder, 'demonstration', model, 'model/model.json'))).toBe(true);
  });
});
