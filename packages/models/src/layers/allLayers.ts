/** Registers every layer that an exported model may hold, this package's and those of `nonlocal`. */
import '@nonlocal-med/nonlocal';
import './addRelu.js';
import './batchNormalization.js';
import './channelDropout.js';
import './channelHalf.js';
import './convolutionalBlockAttention.js';
import './crissCross.js';
import './depthwiseConvolution.js';
import './globalAveragePooling.js';
import './identity.js';
import './imageNormalization.js';
import './linear.js';
import './maxPooling.js';
import './paddedConvolution.js';
import './shuffleJoin.js';
import './squeezeExcitation.js';
import './torchFlatten.js';
