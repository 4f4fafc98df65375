import { writeSyntheticExperiment } from '@nonlocal-med/testing';
for (const kind of ['seeds','splits']) await writeSyntheticExperiment('/tmp/ens/'+kind,{skills:{resnet18:1,'resnet18-nla':2},kind,repeats:5, classes:['none','some']});
