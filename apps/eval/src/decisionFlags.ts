/** The flags of `evaluate` about decisions. */
import type { Command } from 'commander';

/** Parsed command-line options about decisions. */
export interface DecisionOptions {
  readonly operatingPoint?: readonly string[];
  readonly sensitivity?: readonly string[];
  readonly specificity?: readonly string[];
  readonly class?: string;
  readonly calibrated?: true;
}

const repeated = (text: string, previous: readonly string[] = []): string[] => [...previous, text];

/** Adds the flags about decisions to `evaluate`. */
export function addDecisionFlags(command: Command): Command {
  return command
    .option(
      '--sensitivity <rate>',
      'choose the threshold on the validation set for at least this sensitivity, e.g. 0.9',
      repeated,
    )
    .option('--specificity <rate>', 'or for at least this specificity, e.g. 0.95', repeated)
    .option('--class <name>', 'for this class or finding, or classes joined by +; default: each')
    .option(
      '--operating-point <rule>',
      'the same as one text, e.g. "referable: specificity>=0.95", youden, f1 or cost=10; can be repeated',
      repeated,
    )
    .option(
      '--calibrated',
      'with probabilities after the calibration that was fitted on the validation set',
    );
}
