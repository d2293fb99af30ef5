#!/bin/sh
# Rustdoc's JSON is unstable, and allowed to rustdoc alone: build scripts that look at the variable would build everything again.
RUSTC_BOOTSTRAP=1 exec rustdoc "$@"
