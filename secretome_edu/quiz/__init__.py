"""What is asked: banks of items, graded in the kernel, shown without their keys.

``bank`` loads, ``grading`` judges, ``view`` shows; everything else serves one of the three.
"""
