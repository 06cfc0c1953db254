#!/bin/sh
# Counts the allocations of 10,000 forward passes: builds the tests for release, then runs the one that needs the counting
# library with that library before malloc. Without it the test is skipped.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
library=$(mktemp --suffix=.so)
trap 'rm -f "$library"' EXIT
cc -O2 -shared -fPIC -o "$library" "$here/AllocationCounter.c" -ldl
cd "$here/../../.."
swift build -c release --build-tests
LD_PRELOAD="$library" swift test -c release --skip-build --filter 'ForwardCostTests'
