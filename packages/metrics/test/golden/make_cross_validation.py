"""Writes cross_validation.json: out-of-fold predictions and scores of scikit-learn's cross_val_predict and cross_validate.

Three classes, 5 folds. pooledAuc is roc_auc_score over all out-of-fold predictions, foldAucs the AUC of each fold, both the
mean over classes against the rest. The interval of the mean over folds has Nadeau and Bengio's (2003) variance,
(1/folds + test/train) times that of the scores.

Run: python test/golden/make_cross_validation.py (numpy, scipy, scikit-learn)
"""

import json
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy import stats
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict, cross_validate

FOLDS, CLASSES, SAMPLES = 5, 3, 60

x, y = make_classification(
    SAMPLES, n_features=6, n_informative=3, n_classes=CLASSES, flip_y=0.3, random_state=7
)
splits = list(StratifiedKFold(FOLDS, shuffle=True, random_state=7).split(x, y))
model = LogisticRegression(C=10)
probabilities = cross_val_predict(model, x, y, cv=splits, method="predict_proba")
scores = cross_validate(model, x, y, cv=splits, scoring=["roc_auc_ovr", "accuracy"])
aucs = scores["test_roc_auc_ovr"]
train, test = len(splits[0][0]), len(splits[0][1])
error = aucs.std(ddof=1) * np.sqrt(1 / FOLDS + test / train)
lower, upper = stats.t.interval(0.95, FOLDS - 1, loc=aucs.mean(), scale=error)

golden = {
    "versions": {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__},
    "labels": y.tolist(),
    "probabilities": probabilities.tolist(),
    "folds": [split[1].tolist() for split in splits],
    "foldAucs": aucs.tolist(),
    "meanAuc": aucs.mean(),
    "interval": {"trainCount": train, "testCount": test, "error": error, "lower": lower, "upper": upper},
    "pooledAuc": roc_auc_score(y, probabilities, multi_class="ovr", average="macro"),
    "pooledAccuracy": float((probabilities.argmax(axis=1) == y).mean()),
}
Path(__file__).with_name("cross_validation.json").write_text(json.dumps(golden) + "\n")
