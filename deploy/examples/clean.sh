#!/bin/sh
# Cleans a CSV of orders: clean.sh FILE
# Leaves in the working directory
#   rejected.csv  line number, reason, the line as it was: what could not be used
#   cleaned.csv   what could, repaired; renamed into place as the last act, so whoever sees the
#                 file sees all of it
# and says on stdout how much of what it found.
set -eu
input=${1:?usage: clean.sh FILE}
[ -r "$input" ] || { echo "clean.sh: cannot read $input" >&2; exit 1; }

# Bytes, not characters: a line in another encoding must not stop the tools.
LC_ALL=C awk -f "$(dirname "$0")/clean.awk" \
  -v cleaned=cleaned.csv.part -v rejected=rejected.csv "$input"
mv cleaned.csv.part cleaned.csv
