import { fileURLToPath } from 'node:url';
import { addDoctor, addEngineCommands } from '@nonlocal-med/engine/commands';
import { type CommandContext, emitData } from '@nonlocal-med/terminal';
import { Argument, Command } from 'commander';
import { addEvaluationCommands } from 'eval/commands';
import { addDemonstration, addInspectionCommands, addTrainingCommands } from 'trainer/commands';
import manifest from '../package.json' with { type: 'json' };
import { completeWords } from './completion.js';
import { completionScripts, type Shell } from './completionScripts.js';

/** The published command line: the commands of the trainer and of eval, the demonstration, the engine and completion. */
export function createProgram(context: CommandContext): Command {
  const program = new Command('nonlocal-med')
    .description(
      'Train, evaluate and explain image classifiers for lesions that are only a few pixels wide.',
    )
    .version(manifest.version)
    .addHelpText(
      'after',
      `\nExit codes: 0 done, 1 failed, 2 wrong input, 130 interrupted (checkpoint saved).\nPages such as docs/predict.md are in\n${fileURLToPath(new URL('../docs', import.meta.url))}`,
    );
  addTrainingCommands(program, context);
  addEvaluationCommands(program, context);
  addInspectionCommands(program, context);
  addDemonstration(program.command('demo'), context).description(
    'Train two models on built-in synthetic images and compare them; takes a few minutes.',
  );
  addDoctor(program);
  addEngineCommands(program.command('engine').description('Install and check native TensorFlow.'));
  addCompletion(program);
  return program;
}

function addCompletion(program: Command): void {
  const shells = Object.keys(completionScripts);
  program
    .command('completion')
    .description('Print a script that lets a shell complete commands and options.')
    .addArgument(new Argument('<shell>', 'the shell that reads it').choices(shells))
    .addHelpText('after', HOW_TO_COMPLETE)
    .action((shell: Shell) => emitData(completionScripts[shell]));
  // The scripts call it with the words that have been typed so far.
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(async (words: string[]) => {
      if (meansModel(words)) await nameModels(program);
      const candidates = completeWords(program, words);
      emitData(candidates.map(({ value, description }) => `${value}\t${description}\n`).join(''));
    });
}

const HOW_TO_COMPLETE = `
The shell must find nonlocal-med: npm install --global nonlocal-med

  bash  add to ~/.bashrc: source <(nonlocal-med completion bash)
  zsh   add to ~/.zshrc: source <(nonlocal-med completion zsh)
  fish  add to ~/.config/fish/config.fish: nonlocal-med completion fish | source`;

const meansModel = (words: readonly string[]): boolean =>
  words[0] === 'models' || words.slice(-3).some((word) => word.startsWith('--model'));

/** Lets the names of models be completed. They are not known before, since listing them loads TF.js. */
async function nameModels(program: Command): Promise<void> {
  const names = [...(await import('@nonlocal-med/models')).modelNames()];
  for (const command of program.commands) {
    const option = command.options.find(({ long }) => long === '--model');
    if (option !== undefined) option.argChoices = names;
    if (command.name() === 'models') command.registeredArguments[0].argChoices = names;
  }
}
