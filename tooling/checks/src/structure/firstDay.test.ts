import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tinyLesionsImage } from '@nonlocal-med/data';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../workspace.js';

const page = readFileSync(join(root, 'docs/first-day.md'), 'utf8');
const commands = [...page.matchAll(/```sh\n([^]*?)```/g)].flatMap(([, block]) =>
  block.trim().split('\n'),
);

/** `pnpm --filter APP start ...` without the build. */
const shellFunction = `pnpm() { app=$2; shift 3; node "${root}apps/$app/dist/main.js" "$@"; }`;

const folder = mkdtempSync(join(tmpdir(), 'first-day-'));
const outputs = new Map<string, string>();
const outputOf = (command: string): string =>
  [...outputs].find(([line]) => line.includes(` start ${command} `))![1];

/** Images of the page's layout: 14 patients per class with two images each; and eight new ones in ward/. */
async function writeImages(): Promise<void> {
  const require = createRequire(join(root, 'packages/data/package.json'));
  const { default: sharp } = (await import(require.resolve('sharp'))) as {
    default: (
      data: Uint8Array,
      options: object,
    ) => { png(): { toFile(file: string): Promise<void> } };
  };
  for (let index = 0; index < 64; index++) {
    const { pixels, label } = tinyLesionsImage({ size: 64, seed: 2, index, classes: 2 });
    const name = `${String(100 * label + (index >> 2)).padStart(4, '0')}_${index % 4}.png`;
    const place =
      index < 56 ? join(folder, 'eyes', ['healthy', 'disease'][label]) : join(folder, 'ward');
    mkdirSync(place, { recursive: true });
    await sharp(pixels.data, { raw: { width: 64, height: 64, channels: 3 } })
      .png()
      .toFile(join(place, name));
  }
}

beforeAll(async () => {
  await writeImages();
  for (const command of commands) {
    const env = { ...process.env, INIT_CWD: undefined };
    const { status, stdout, stderr } = spawnSync('bash', ['-c', `${shellFunction}\n${command}`], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    expect(status, `${command}\n${stdout}${stderr}`).toBe(0);
    outputs.set(`${command} `, stdout);
  }
}, 1_800_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('the first day goes from a folder of images to a decision', () => {
  expect(commands).toHaveLength(6);
  expect(outputOf('data check')).toMatch(/groups +28, the largest with 2 images/);
  expect(outputOf('train')).toContain('Results on ');
  expect(outputOf('evaluate')).toContain("Identical to the run's metrics.json in every digit.");
  expect(outputOf('evaluate')).toMatch(/disease: Sensitivity [^]* chosen on \d+ validation images/);
  const index = JSON.parse(
    readFileSync(join(folder, 'runs/first/explanations/index.json'), 'utf8'),
  ) as { images: unknown[] };
  expect(index.images).toHaveLength(6);
  expect(existsSync(join(folder, 'runs/first/report.html'))).toBe(true);
  const [header, ...rows] = readFileSync(join(folder, 'ward.csv'), 'utf8').trim().split('\n');
  expect(header).toContain('decision:disease');
  expect(rows).toHaveLength(8);
});
