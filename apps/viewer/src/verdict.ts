import { shownProbabilities } from '@nonlocal-med/classifier';
import {
  type ChosenPoint,
  describeGoal,
  type ImageDecision,
  pointsInUse,
} from '@nonlocal-med/metrics';
import { byId, element } from './element.js';
import { type ImageResult, pointName } from './imageEntry.js';
import { percentText, pointsText, thresholdPercent } from './numberText.js';
import type { PageClassifier } from './startModel.js';

/** Shows the probabilities of an image, and what is decided at each operating point. */
export function renderVerdict(result: ImageResult, { decision }: PageClassifier): void {
  const probabilities = shownProbabilities(result);
  const rows = result.labels.map((label, index) => {
    const value = probabilities[index];
    const meter = element('meter', {
      min: '0',
      max: '1',
      value: String(value),
      'aria-label': `Probability of ${label}`,
    });
    return element(
      'tr',
      result.predicted.includes(label) ? { class: 'predicted' } : {},
      element('th', { scope: 'row' }, label),
      element('td', {}, meter),
      element('td', { class: 'number' }, percentText(value)),
    );
  });
  byId('probabilities', HTMLTableElement).tBodies[0].replaceChildren(...rows);
  const points = decision === null ? [] : pointsInUse(decision);
  byId('decisions', HTMLElement).replaceChildren(
    ...result.decisions.map((one, index) => decisionMarkup(one, points[index])),
    ...(result.decisions.length > 0 ? [] : [element('p', { class: 'note' }, NO_DECISION)]),
  );
}

function decisionMarkup(decision: ImageDecision, point: ChosenPoint): HTMLElement {
  const { isPositive, score, threshold, margin } = decision;
  const name = pointName(decision);
  const side = margin < 0 ? 'below' : 'above';
  return element(
    'div',
    { class: `decision ${isPositive ? 'yes' : 'no'}` },
    element('strong', {}, `${isPositive ? 'Positive' : 'Negative'} for ${name}`),
    `Its probability, ${percentText(score)}, is ${pointsText(margin)} ${side} the threshold of ${thresholdPercent(threshold)}. `,
    element('span', { class: 'note' }, describePoint(point)),
  );
}

/** What an operating point means, in plain sentences. */
function describePoint(point: ChosenPoint): string {
  const { goal, sensitivity, specificity, positives, negatives, statement, caution } = point;
  return [
    `The threshold was chosen for ${describeGoal(goal)}. On the ${positives + negatives} images it was chosen on, it found ${percentText(sensitivity)} of the positive ones (sensitivity) and left ${percentText(specificity)} of the others negative (specificity).`,
    ...[statement, caution].flatMap((text) => (text === undefined ? [] : [text])),
  ].join(' ');
}

const NO_DECISION = 'This model makes no decisions: no threshold was chosen when it was trained.';
