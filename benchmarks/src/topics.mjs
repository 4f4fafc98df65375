import { attention } from '../topics/attention.mjs';
import { check } from '../topics/check.mjs';
import { clahe } from '../topics/clahe.mjs';
import { growth } from '../topics/growth.mjs';
import { inference } from '../topics/inference.mjs';
import { loader } from '../topics/loader.mjs';
import { precision } from '../topics/precision.mjs';
import { startup } from '../topics/startup.mjs';
import { steps } from '../topics/steps.mjs';

/** The topics that can be measured, by their name in --only. */
export const topics = {
  steps,
  inference,
  attention,
  precision,
  clahe,
  loader,
  check,
  startup,
  growth,
};
