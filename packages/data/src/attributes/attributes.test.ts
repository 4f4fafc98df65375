import { describe, expect, it } from 'vitest';
import type { DataOptions } from '../dataset/dataOptionsSchema.js';
import { openDataset, type OpenedDataset } from '../dataset/openDataset.js';
import { encodeDicom, wordBytes } from '../testing/encodeDicom.js';
import { images, makeTree } from '../testing/imageTree.js';
import { openIssues } from '../testing/openIssues.js';
import { chooseAttributes } from './attributeColumns.js';
import { keepAttributes } from './keepAttributes.js';

const open = (path: string, options: Partial<DataOptions> = {}): Promise<OpenedDataset> =>
  openDataset({ path, workers: 0, cacheFolder: null, ...options });

const keptColumns = (columns: readonly string[], wanted?: readonly string[]): string[] =>
  chooseAttributes(columns, { wanted, taken: [] }).kept.map((index) => columns[index]);

describe('columns that are kept', () => {
  it('are those with recognized names, whatever their spelling', () =>
    expect(
      keptColumns([
        ...['Patient Age', 'Patient Gender', 'View Position', 'Follow-up #', 'SEX', 'scanner'],
        ...['Manufacturer', 'modality', 'hospital', 'ethnicity', 'comment', ''],
      ]),
    ).toEqual([
      ...['Patient Age', 'Patient Gender', 'View Position', 'SEX', 'scanner'],
      ...['Manufacturer', 'modality'],
    ]));

  it('are the requested ones, found by what they are called', () =>
    expect(keptColumns(['Patient Gender', 'hospital', 'age'], ['sex', 'Hospital'])).toEqual([
      'Patient Gender',
      'hospital',
    ]));

  it.each([
    ...['patient', 'Patient_ID', 'patientName', 'name', 'last name', 'ID', 'subject number'],
    ...['MRN', 'Date of birth', 'birth_date', 'DOB', 'StudyDate', 'AccessionNumber', 'zip code'],
    ...['StudyInstanceUID', 'referring physician', 'email', 'phone', 'exam no', 'image id'],
  ])('are never %j', (column) => {
    expect(keptColumns([column, 'sex'], [column, 'sex'])).toEqual(['sex']);
  });

  it.each(['scanner name', 'Manufacturer model name', 'site', 'site id', 'update', 'age'])(
    'may be %j',
    (column) => expect(keptColumns([column], [column])).toEqual([column]),
  );
});

describe('values that are kept', () => {
  const valuesOf = (name: string, values: readonly string[]): string[] =>
    keepAttributes(
      values.map((value) => ({ attributes: { [name]: value } })),
      {},
    ).images.map(({ attributes }) => attributes?.[name] ?? 'none');

  it.each([
    ['45', '45'],
    ['45.9', '45'],
    ['045Y', '45'],
    ['018M', '1'],
    ['010D', '0'],
    ['060W', '1'],
    ['45 years', '45'],
    ['89', '89'],
    ['90', '90+'],
    ['097Y', '90+'],
    ['414', '90+'],
    ['90+', '90+'],
    ['91 to 95', '90+'],
    ['adult', 'adult'],
    ['n/a', ''],
  ])('turn the age %j into %j', (age, kept) =>
    expect(valuesOf('Patient Age', [age, '50'])[0]).toBe(kept),
  );

  it('are not known where a placeholder stands', () =>
    expect(valuesOf('sex', ['F', ' M ', 'unknown', 'NaN', '', '?'])).toEqual([
      'F',
      'M',
      '',
      '',
      '',
      '',
    ]));

  it.each([
    ['dates', Array.from({ length: 30 }, (_, i) => `2019-03-${i + 1}`)],
    [
      'dates as in DICOM',
      Array.from({ length: 30 }, (_, i) => `201903${String((i % 28) + 1).padStart(2, '0')}`),
    ],
    ['many different texts', Array.from({ length: 30 }, (_, i) => `remark ${i}`)],
    ['long numbers', Array.from({ length: 30 }, (_, i) => `${70_000 + i}`)],
  ])('are not %s', (_, values) => {
    const given = values.map((value) => ({ attributes: { scanner: value, sex: 'F' } }));
    const recognized = keepAttributes(given, {});
    expect(recognized.images[0]).toEqual({ attributes: { sex: 'F' } });
    expect(recognized.issues).toEqual([]);
    expect(recognized.notes[1]).toBe(
      'Not kept, because the values may identify patients: scanner.',
    );
    expect(keepAttributes(given, { wanted: ['scanner'] }).issues).toEqual([
      {
        path: 'data.attributes',
        message: '"scanner" may identify patients, and attributes are kept in the run folder',
        hint: 'columns with few values, such as sex, age or scanner',
      },
    ]);
  });

  it('may be many different measurements, and few dates among other texts', () => {
    const sizes = Array.from({ length: 30 }, (_, i) => String(1 + i / 7));
    expect(valuesOf('lesion size', sizes)).toEqual(sizes);
    expect(valuesOf('scanner', ['A', 'A', '2019-03-01'])[2]).toBe('2019-03-01');
  });
});

describe('openDataset', () => {
  const rows = [
    'file,label,patient,Sex,age,scanner,comment,hospital',
    'a.png,well,Ada L.,F,34,GE,tall,north',
    'b.png,sick,Ada L.,F,34,Siemens,tired,north',
    'c.png,well,Grace H.,M,93,,late,south',
    'd.png,sick,Grace H.,M,93,GE,early,south',
  ];
  const tree = (): Promise<string> =>
    makeTree({
      ...images(['a.png', 'b.png', 'c.png', 'd.png']),
      'labels.csv': rows.join('\n'),
    });

  it('keeps recognized columns of a manifest, says which, and nothing else', async () => {
    const { samples, notes, fingerprint } = await open(await tree());
    expect(samples.map(({ attributes }) => attributes)).toEqual([
      { Sex: 'F', age: '34', scanner: 'GE' },
      { Sex: 'F', age: '34', scanner: 'Siemens' },
      { Sex: 'M', age: '90+', scanner: '' },
      { Sex: 'M', age: '90+', scanner: 'GE' },
    ]);
    expect(notes).toContain(
      'Kept with the predictions, for results by subgroup: Sex, age, scanner, ages in whole years and 90+ above 89 (--attributes chooses others, or none).',
    );
    const none = await open(await tree(), { attributes: [] });
    expect(none.samples[0]).not.toHaveProperty('attributes');
    expect(none.notes.join()).not.toContain('Kept');
    expect(none.fingerprint).toBe(fingerprint);
  });

  it('keeps the requested columns instead', async () => {
    const { samples } = await open(await tree(), { attributes: ['hospital', 'sex'] });
    expect(samples[0].attributes).toEqual({ hospital: 'north', Sex: 'F' });
  });

  it('refuses columns that identify patients, and those that do not exist', async () => {
    const path = await tree();
    expect(await openIssues(path, { attributes: ['patient', 'Scaner'] })).toEqual([
      'data.attributes: "patient" may identify patients, and attributes are kept in the run folder (columns with few values, such as sex, age or scanner)',
      'data.attributes: unknown attribute "Scaner" (did you mean "scanner"? known: Sex, age, scanner, comment, hospital)',
    ]);
    const folders = await makeTree(images(['well/a.png', 'sick/b.png']));
    expect(await openIssues(folders, { attributes: ['sex', 'patient name'] })).toEqual([
      'data.attributes: unknown attribute "sex" (attributes are columns of a CSV or Excel manifest, or those of DICOM files; this data set has neither)',
      'data.attributes: "patient name" may identify patients, and attributes are kept in the run folder (columns with few values, such as sex, age or scanner)',
    ]);
  });

  const radiograph = (index: number): Buffer =>
    encodeDicom({
      rows: 8,
      columns: 8,
      elements: {
        '00080018': ['UI', `1.2.3.${index}`],
        '00080060': ['CS', 'DX'],
        '00080070': ['LO', index < 2 ? 'GE MEDICAL SYSTEMS' : 'Philips'],
        '00080080': ['LO', 'St. Example Hospital'],
        '00081090': ['LO', 'Discovery XR656'],
        '00100010': ['PN', 'Lovelace^Ada'],
        '00100020': ['LO', `MRN${index}`],
        '00100030': ['DA', '19151210'],
        '00100040': ['CS', index === 3 ? '' : 'F'],
        '00101010': ['AS', index === 0 ? '103Y' : '045Y'],
        '00280101': ['US', 12],
        '00280102': ['US', 11],
      },
      pixels: wordBytes(Uint16Array.from({ length: 64 }, (_, i) => (i * 37 + index * 11) % 4096)),
    });
  const dicomTree = (): Promise<string> =>
    makeTree({
      'well/a': radiograph(0),
      'well/b': radiograph(1),
      'sick/c': radiograph(2),
      'sick/d': radiograph(3),
    });

  it('keeps attributes of DICOM files that identify nobody', async () => {
    const { samples } = await open(await dicomTree(), { keepNames: true });
    const kept = (PatientSex: string, PatientAge: string, Manufacturer: string): object => ({
      PatientSex,
      PatientAge,
      Manufacturer,
      Modality: 'DX',
    });
    expect(Object.fromEntries(samples.map(({ id, attributes }) => [id, attributes]))).toEqual({
      'well/a': kept('F', '90+', 'GE MEDICAL SYSTEMS'),
      'well/b': kept('F', '45', 'GE MEDICAL SYSTEMS'),
      'sick/c': kept('F', '45', 'Philips'),
      'sick/d': kept('', '45', 'Philips'),
    });
  });

  it('keeps others of them on request, by what they are called, and none that identify', async () => {
    const path = await dicomTree();
    const { samples } = await open(path, { attributes: ['sex', 'ManufacturerModelName'] });
    expect(samples[0].attributes).toMatchObject({ ManufacturerModelName: 'Discovery XR656' });
    expect(Object.keys(samples[0].attributes!)).toEqual(['PatientSex', 'ManufacturerModelName']);
    const [name, birth, institution] = await openIssues(path, {
      attributes: ['PatientName', 'PatientBirthDate', 'InstitutionName'],
    });
    expect(name).toContain('"PatientName" may identify patients');
    expect(birth).toContain('"PatientBirthDate" may identify patients');
    expect(institution).toContain('unknown attribute "InstitutionName"');
  });
});
