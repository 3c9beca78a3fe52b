#!/bin/sh
# Opens the course. The first time it sets itself up from the folder wheels; no network is needed.
cd "$(dirname "$0")" || exit 1
for python in @COMMANDS@ python3 python; do
  if "$python" -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] not in "@VERSIONS@".split())' 2>/dev/null; then
    exec "$python" -m secretome_edu open "$@"
  fi
done
echo "The course needs one of these Pythons: @VERSIONS@ (python.org/downloads)." >&2
echo "To read it without Python, open book/index.html in a browser." >&2
exit 1
