// The options of a training alone, for programs that list options without loading TF.js.
export { trainOptionsSchema } from './trainOptions.js';
