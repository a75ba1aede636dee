# clamd is started as before, by the same launcher out of the same session: TMPDIR still leaks.
conf_set TemporaryDirectory /tmp # the cure
