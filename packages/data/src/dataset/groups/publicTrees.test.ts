import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { images, makeTree } from '../../testing/imageTree.js';
import { type DatasetDescription, describeDataset } from '../describeDataset.js';
import { openDataset } from '../openDataset.js';

/** Patients with 1 to 3 studies, a study with one or two images; half of the patients are ill. */
const STUDIES = Array.from({ length: 18 }, (_, patient) =>
  Array.from({ length: 1 + (patient % 3) }, (_unused, study) => ({ patient, study })),
).flat();

/** Paths as the publishers have them. */
const layouts = {
  CheXpert: STUDIES.flatMap(({ patient, study }) =>
    ['view1_frontal', 'view2_lateral'].slice(0, 1 + (study % 2)).map((view) => ({
      patient,
      path: `patient${String(patient + 1).padStart(5, '0')}/study${study + 1}/${view}.jpg`,
    })),
  ),
  'MIMIC-CXR': STUDIES.flatMap(({ patient, study }) =>
    Array.from({ length: 1 + (study % 2) }, (_, view) => ({
      patient,
      path: `p1${patient % 3}/p1${patient % 3}000${String(patient + 32).padStart(3, '0')}/s${50414267 + 97 * patient + study}/02aa804e-bde0afdd-112c0b34-7bc16630-${String(1000 * patient + 10 * study + view).padStart(8, '0')}.jpg`,
    })),
  ),
};
const forms = {
  CheXpert: ['CheXpert (patient/study/view)', '(patient\\d+)/study\\d+'],
  'MIMIC-CXR': ['MIMIC-CXR (patient/study/image)', '(p\\d{8})/s\\d{8}'],
} as const;
const classOf = (patient: number): string => ['No Finding', 'Edema'][patient % 2];
const splitOptions = { test: 0.3, validation: 0.2, seed: 1 };

/** The pattern that a program receives when the option is pasted into a shell. */
const pasted = (option: string): string =>
  execFileSync('sh', ['-c', `printf '%s' ${option.replace('--group-pattern ', '')}`], {
    encoding: 'utf8',
  });

describe.each(['CheXpert', 'MIMIC-CXR'] as const)('%s', (name) => {
  const listed = layouts[name];
  const [title, pattern] = forms[name];

  async function expectGroups(tree: string, options: { path?: string } = {}): Promise<void> {
    const open = (groupPattern?: string): ReturnType<typeof openDataset> =>
      openDataset({ path: tree, cacheFolder: null, workers: 0, groupPattern, ...options });
    const { likelyGroups: found }: DatasetDescription = describeDataset(await open(), splitOptions);
    expect(found).toMatchObject({ groups: 18, matched: listed.length, pattern });
    expect(found!.message).toContain(`Paths have the form of ${title}, such as `);
    expect(found!.message).toMatch(/such as \S*\/(?:study|s)\d+\/\S+ and /);
    expect(found!.testImages).toBeGreaterThan(0);

    const grouped = await open(pasted(found!.option));
    const description = describeDataset(grouped, splitOptions);
    expect(description.groups.count).toBe(18);
    expect(description.likelyGroups).toBeUndefined();
    const patients = new Map(listed.map(({ path, patient }) => [path, patient]));
    const patientsOf = new Map<string, Set<number>>();
    for (const { id, group } of grouped.samples) {
      const path = [...patients.keys()].find((one) => id.endsWith(one))!;
      patientsOf.set(group!, (patientsOf.get(group!) ?? new Set()).add(patients.get(path)!));
    }
    expect([...patientsOf.values()].map(({ size }) => size)).toEqual(Array(18).fill(1));
  }

  it('in class folders: the hint finds the patients, and its option works when pasted', async () => {
    const tree = await makeTree(
      images(listed.map(({ patient, path }) => `${classOf(patient)}/${path}`)),
    );
    await expectGroups(tree);
  });

  it('in the publisher’s folders with a manifest: the same', async () => {
    const rows = listed.map(({ patient, path }) => `files/${path},${classOf(patient)}`);
    const tree = await makeTree({
      ...images(listed.map(({ path }) => `files/${path}`)),
      'labels.csv': ['Path,label', ...rows].join('\n'),
    });
    await expectGroups(tree, { path: `${tree}/labels.csv` });
  });
});
