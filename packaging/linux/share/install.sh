#!/bin/sh
# Installs Candor for the person who runs this, without root: into ~/.local, or the folder after --prefix.
# Conversations are kept elsewhere (~/.local/share/candor) and are touched neither here nor by the uninstaller.
set -eu
prefix=${HOME}/.local
[ "${1:-}" != --prefix ] || prefix=$2
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
program=$prefix/lib/candor-program

mkdir -p "$prefix/lib" "$prefix/bin" "$prefix/share/applications" "$prefix/share/icons" "$prefix/share/mime/packages"
prefix=$(CDPATH='' cd -- "$prefix" && pwd)
program=$prefix/lib/candor-program
if [ -e "$program" ] && [ ! -e "$program/uninstall.sh" ]; then
    echo "There is something else in $program, which is left as it is." >&2
    exit 1
fi
if [ -e "$prefix/bin/candor" ] && [ "$(readlink -f "$prefix/bin/candor")" != "$(readlink -f "$program/candor")" ]; then
    echo "There is something else in $prefix/bin/candor, which is left as it is." >&2
    exit 1
fi
# Beside the old one first, so that a full disk leaves that one whole.
rm -rf "$program.new"
cp -R "$here/candor" "$program.new"
rm -rf "$program"
mv "$program.new" "$program"
ln -sfn "$program/candor" "$prefix/bin/candor"
# In a desktop entry these signs have a meaning in quoted words, and the sign that takes it away is written twice.
quoted=\"$(printf '%s' "$program/candor" | sed 's/\\/\\\\\\\\/g; s/["`$]/\\\\&/g; s/%/%%/g')\"
# xdg-open on a desktop that it does not know reads no quotes.
case $program in *[!A-Za-z0-9/._-]*) ;; *) quoted=$program/candor ;; esac
while IFS= read -r line; do
    case $line in
    Exec=*) printf 'Exec=%s %%u\n' "$quoted" ;;
    TryExec=*) ;;
    *) printf '%s\n' "$line" ;;
    esac
done <"$here/candor.desktop" >"$prefix/share/applications/candor.desktop"
cp -R "$here/hicolor" "$prefix/share/icons/"
cp "$here/candor.xml" "$prefix/share/mime/packages/candor.xml"
cp "$here/refresh.sh" "$program/refresh.sh"
cp "$here/uninstall.sh" "$program/uninstall.sh"
sh "$program/refresh.sh" "$prefix"

# Where the program finds its own libraries when it starts.
missing=$(LD_LIBRARY_PATH="$program/_internal" ldd "$program/_internal/PySide6/QtWidgets.abi3.so" \
    "$program/_internal/PySide6/Qt/plugins/platforms/libqxcb.so" \
    2>/dev/null | sed -n 's/^[[:space:]]*\(.*\) => not found.*/\1/p' | sort -u | tr '\n' ' ') || missing=
[ -z "$missing" ] || echo "Candor needs libraries that this system does not have yet: $missing" >&2
echo "Candor is installed in $program and in the menu. To remove it: sh $program/uninstall.sh"
