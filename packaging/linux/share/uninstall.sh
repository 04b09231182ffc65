#!/bin/sh
# Removes Candor and what it put into the menu. Conversations and settings stay.
set -eu
program=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
prefix=${program%/lib/candor-program}
[ "$prefix" != "$program" ] || { echo "$program is not where Candor was installed to." >&2; exit 1; }
for each in /proc/[0-9]*/exe; do
    [ "$(readlink "$each" 2>/dev/null)" != "$program/candor" ] || { echo "Close Candor first." >&2; exit 1; }
done
# What is not as it was written is somebody else's.
remove() { ! cmp -s "$1" "$program/${1##*/}" || rm -f "$1"; }
[ "$(readlink "$prefix/bin/candor" 2>/dev/null)" != "$program/candor" ] || rm -f "$prefix/bin/candor"
remove "$prefix/share/applications/candor.desktop"
remove "$prefix/share/applications/zz-candor.desktop"
remove "$prefix/share/mime/packages/candor.xml"
rm -f "$prefix"/share/icons/hicolor/*/apps/candor.png "$prefix/share/icons/hicolor/scalable/apps/candor.svg"
sh "$program/refresh.sh" "$prefix"
rm -rf "$program"
echo "Candor is removed. Conversations and settings are still in ~/.local/share/candor."
