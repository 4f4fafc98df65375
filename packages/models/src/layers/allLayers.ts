/** Registers every layer that an exported model may contain, those of this package and of `nonlocal`. */
import '@nonlocal-med/nonlocal';
import './batchNormalization.js';
import './branches.js';
import './channelDropout.js';
import './convolution.js';
import './convolutionalBlockAttention.js';
import './crissCross.js';
import './imageNormalization.js';
import './linear.js';
import './pooling.js';
import './squeezeExcitation.js';
