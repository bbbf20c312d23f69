#!/bin/sh
# Makes the bundled subsets of Arimo. Usage: subset.sh FOLDER_WITH_ARIMO_TTF
# Needs pyftsubset of fonttools 4.68. The same input gives the same bytes.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
for weight in Regular Bold; do
    SOURCE_DATE_EPOCH=0 pyftsubset "$1/Arimo-$weight.ttf" \
        --unicodes-file="$here/unicodes.txt" \
        --layout-features=kern,mark,ccmp \
        --no-hinting --drop-tables+=DSIG \
        --name-IDs='*' --notdef-outline \
        --output-file="$here/Arimo-$weight.subset.ttf"
done
