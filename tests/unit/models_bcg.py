"""The 13 trials of the BCG vaccine against tuberculosis, the classic meta-analysis example.

Log risk ratios and sampling variances of Colditz et al. 1994 (10.1001/jama.1994.03510330076038),
to six decimals.
"""

import numpy as np

EFFECTS = np.array(
    [
        -0.889311, -1.585389, -1.348073, -1.441551, -0.217547, -0.786116, -1.620898,
        0.011952, -0.469418, -1.371345, -0.339359, 0.445913, -0.017314,
    ]
)  # fmt: skip
VARIANCES = np.array(
    [
        0.325585, 0.194581, 0.415368, 0.02001, 0.05121, 0.006906, 0.223017,
        0.003962, 0.056434, 0.073025, 0.012412, 0.532506, 0.071405,
    ]
)  # fmt: skip
