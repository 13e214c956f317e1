#!/bin/sh
# Renews the bundled @huggingface/jinja from npm, with its licence and the version in NOTICE.
# Usage: tools/renew-huggingface-jinja.sh [VERSION], the newest without one. Run the tests of LmPlayground.Models afterwards.
set -eu
root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
script=$root/src/LmPlayground.Models/Chat/Script
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent "@huggingface/jinja@${1:-latest}" >/dev/null && tar xzf ./*.tgz)
version=$(sed -n 's/^[[:space:]]*"version": "\([^"]*\)".*/\1/p' "$work/package/package.json")
cp "$work/package/dist/index.js" "$script/huggingface-jinja.js"
cp "$work/package/LICENSE" "$script/huggingface-jinja.LICENSE"
sed "s|@huggingface/jinja [0-9][0-9.]*[0-9]|@huggingface/jinja $version|" "$root/NOTICE" > "$work/NOTICE"
cp "$work/NOTICE" "$root/NOTICE"
echo "@huggingface/jinja $version"
