# Nothing to start anew: the mark stays.
:
