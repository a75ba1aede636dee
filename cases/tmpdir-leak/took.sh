# clamd is the one that the launcher started out of the session, and the session was what it is meant to be.
was_launched "$VARIANT_LAUNCHER" "$VARIANT_SESSION"
