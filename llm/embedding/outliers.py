"""The loudest inputs of MiniLM's matrix products, which int8 leaves in float32.

A few channels carry values ten times the others' in every text; under one scale for all, they
push the rest into a few steps (Dettmers et al., LLM.int8(), 2022). Taking four aside costs 6 %
of speed and brings the cosine with float32 from 0.965 to 0.993 on the worst of the tests' texts.
Measured from the pinned weights; a test measures them anew.
"""

from __future__ import annotations

# A layer a row: channels into attention, into the inner layer, and out of it.
LOUD = (
    ((99, 63, 338, 143), (99, 63, 267, 303), (856, 691, 329, 282)),
    ((99, 63, 157, 223), (99, 63, 223, 267), (607, 821, 1162, 278)),
    ((99, 223, 63, 157), (99, 223, 63, 157), (1004, 218, 1265, 304)),
    ((99, 223, 63, 157), (99, 223, 63, 157), (358, 318, 722, 759)),
    ((99, 223, 157, 63), (99, 223, 127, 63), (621, 637, 192, 56)),
    ((99, 223, 157, 363), (99, 223, 319, 127), (1300, 685, 952, 958)),
)
