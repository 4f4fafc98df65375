import type { CardSection } from '@nonlocal-med/runs/model';
import { byId, element } from './element.js';
import type { PageData } from './pageData.js';
import type { PageClassifier } from './startModel.js';

/** Shows what the model is and is not for. */
export function renderAbout({ title, kind, intendedUse, facts }: PageData): void {
  document.title = title;
  byId('title', HTMLElement).textContent = title;
  byId('kind', HTMLElement).textContent = kind;
  byId('purpose', HTMLElement).textContent = intendedUse[0] ?? '';
  const isMain = ({ title: name }: CardSection): boolean => MAIN_SECTIONS.includes(name);
  const intended =
    intendedUse.length === 0 ? [] : [{ title: 'Intended use', paragraphs: intendedUse }];
  byId('about-section', HTMLElement).hidden = intended.length + facts.length === 0;
  const others = facts.filter((section) => !isMain(section));
  byId('about', HTMLElement).replaceChildren(
    ...[...intended, ...facts.filter(isMain)].flatMap(sectionMarkup),
    ...(others.length === 0
      ? []
      : [
          element(
            'details',
            {},
            element('summary', {}, 'More from the model card'),
            ...others.flatMap(sectionMarkup),
          ),
        ]),
  );
}

/** What a reader should see at once; everything else of a card opens on demand. */
const MAIN_SECTIONS: readonly string[] = ['Results on the test set', 'Limits', 'Precision'];

function sectionMarkup({ title, paragraphs, table }: CardSection): HTMLElement[] {
  return [
    element('h3', {}, title),
    ...paragraphs.map((text) => element('p', {}, text)),
    ...(table === undefined ? [] : [tableMarkup(title, table)]),
  ];
}

/** Scrollable by keyboard, too, on a narrow screen. */
function tableMarkup(
  title: string,
  { columns, rows }: NonNullable<CardSection['table']>,
): HTMLElement {
  const kind = (column: number): Record<string, string> =>
    column === 0 ? {} : { class: 'number' };
  const head = columns.map((name, c) => element('th', { scope: 'col', ...kind(c) }, name));
  const body = rows.map(([name, ...values]) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, name),
      ...values.map((value, c) => element('td', kind(c + 1), value)),
    ),
  );
  const made = element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...body),
  );
  return element(
    'div',
    { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': title },
    made,
  );
}

/** What the columns of the table mean for this model. */
export function meaningText({ task, decision }: PageClassifier): string {
  const isCalibrated = decision?.calibrated === true;
  return [
    task === 'multilabel'
      ? 'Each finding has a separate probability; those of at least 50 % are named.'
      : 'Each image belongs to exactly one class; the probabilities of all classes sum to 100 %.',
    ...(isCalibrated ? ['Probabilities are calibrated on the validation images.'] : []),
    ...(decision === null
      ? []
      : [
          'Positive means that the probability is at or above the threshold of the operating point; how far it is above or below is given in percentage points.',
        ]),
    'Select an image name to see the image and its map.',
  ].join(' ');
}
