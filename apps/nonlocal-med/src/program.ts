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
      '\nExit codes: 0 done, 1 failed, 2 wrong input, 130 interrupted (checkpoint saved).',
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
    .addHelpText('after', '\nFor bash, add to ~/.bashrc: source <(nonlocal-med completion bash)')
    .action((shell: Shell) => emitData(completionScripts[shell]));
  // The scripts call it with the words that have been typed so far.
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action((words: string[]) => {
      const candidates = completeWords(program, words);
      emitData(candidates.map(({ value, description }) => `${value}\t${description}\n`).join(''));
    });
}
