import { basename, extname } from 'node:path';

/** A form of file names in which a part of the name tells the patient. */
export interface NameForm {
  /** What the names do, for a sentence: "have the form of NIH ChestX-ray14 (patient_follow-up)". */
  readonly title: string;
  /** A `groupPattern` that captures the patient. */
  readonly pattern: string;
  /** Matches the names (or paths) that are evidence for the form; default: the pattern. */
  readonly evidence?: RegExp;
  /** A form that is only guessed from how often parts repeat, and therefore needs more evidence. */
  readonly guessed?: true;
}

/** The forms of names of public data sets, the more specific ones first. */
const KNOWN_FORMS: readonly NameForm[] = [
  { title: 'have the form of CheXpert (patient/study/view)', pattern: '(patient\\d+)/study\\d+' },
  { title: 'have the form of MIMIC-CXR (patient/study/image)', pattern: '(p\\d{8})/s\\d{8}' },
  { title: 'have the form of NIH ChestX-ray14 (patient_follow-up)', pattern: '^(\\d{8})_\\d{3}' },
  { title: 'have the form of EyePACS (patient_eye)', pattern: '^(\\d+)_(?:left|right)' },
  {
    title: 'have the form of the pediatric chest X-rays of Kermany et al. (person_type_image)',
    pattern: '^(person\\d+|(?:NORMAL2-)?IM-\\d+)[_-]',
    evidence: /^person\d+_(?:bacteria|virus)_/,
  },
  {
    title: 'have the form of Kermany et al. (class-patient-image)',
    pattern: '^(?:CNV|DME|DRUSEN|NORMAL|BACTERIA|VIRUS)-(\\d+)-\\d+',
  },
  { title: 'have the form of BreaKHis', pattern: '^SOB_[BM]_[A-Z]+-\\d+-([^-]+)-' },
  { title: 'have the form of DDSM (patient_side_view)', pattern: '(P_\\d{5})_(?:LEFT|RIGHT)' },
  { title: 'have the form of TCGA', pattern: '(TCGA-\\w{2}-\\w{4})' },
  {
    title:
      'have the form of COVID-CT (figures of articles, with the slices of a figure numbered by %)',
    pattern: '^(.+?)(?:-p\\d+-\\d+)?(?:%\\d+)?\\.[^.]+$',
    evidence: /%\d+\.[^.]+$/,
  },
  {
    title: 'have the form of Roboflow (augmented copies of an image)',
    pattern: '^(.+?)_(?:jpe?g|png)\\.rf\\.',
  },
];

const EYES: NameForm = {
  title: 'end with an eye or a side',
  pattern: '^(.*\\d)[-_ ]?(?:[Ll]eft|[Rr]ight|LEFT|RIGHT|O[DS]|o[ds]|[LR])(?![A-Za-z0-9])',
};

/** A word for a person and a number, in the name of a file or of a folder. */
const PERSON =
  /(?<![A-Za-z])((?:patient|person|subject|subj|sub|participant|volunteer|pat|pid)[-_ ]?)\d+/i;

/** The form of the word for a person that is most common in these paths, as it is written there. */
function personForm(files: readonly string[]): NameForm[] {
  const counts = new Map<string, number>();
  for (const file of files) {
    const word = PERSON.exec(file)?.[1];
    if (word !== undefined) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  return most === undefined
    ? []
    : [{ title: `contain "${most[0]}" with a number`, pattern: `(${most[0]}\\d+)` }];
}

const SEPARATORS = ['_', '-', ' '];
/** Parts of a name that are tried as its beginning. */
const MOST_PARTS = 4;

/**
 * Forms that could tell the patient in these images' names, the most likely first: those of public data sets, then
 * beginnings of names that several images share (`stem_index`), the shortest beginning first, then letters of panels
 * (`fig1a`, `fig1b`). Whether one fits is for the caller to judge.
 *
 * @param files names or paths
 */
export function candidateForms(files: readonly string[]): NameForm[] {
  const stems = files.map((file) => basename(file, extname(file)));
  return [
    ...KNOWN_FORMS,
    ...personForm(files),
    EYES,
    ...SEPARATORS.flatMap((separator) => beginnings(stems, separator)),
    { title: 'differ only in the letter of a panel', pattern: '^(.*\\d)[a-h]\\.', guessed: true },
  ];
}

/** The first one to four parts of names between separators; a part that only has digits is captured as such. */
function beginnings(stems: readonly string[], separator: string): NameForm[] {
  const parts = stems.map((stem) => stem.split(separator));
  const longest = parts.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: Math.min(MOST_PARTS, longest - 1) }, (_, index): NameForm => {
    const counted = parts.filter(({ length }) => length > index + 1);
    const shapes = Array.from({ length: index + 1 }, (_unused, at) =>
      shapeOf(
        counted.map((list) => list[at]),
        separator,
      ),
    );
    return {
      title: `share their beginning up to the ${['first', 'second', 'third', 'fourth'][index]} "${separator}"`,
      pattern: `^(${shapes.join(separator)})${separator}`,
      guessed: true,
    };
  });
}

/** A pattern of the values of one part: digits, or anything but the separator. */
function shapeOf(values: readonly string[], separator: string): string {
  if (!values.every((value) => /^\d+$/.test(value))) return `[^${separator}]+`;
  const lengths = new Set(values.map(({ length }) => length));
  return lengths.size === 1 ? `\\d{${values[0].length}}` : '\\d+';
}
