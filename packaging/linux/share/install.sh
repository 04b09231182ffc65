#!/bin/sh
# Installs Candor for the person who runs this, without root: into ~/.local, or the folder after --prefix.
# Conversations are kept elsewhere (~/.local/share/candor) and are touched neither here nor by the uninstaller.
set -eu
usage="Usage: sh candor-….run [-- --prefix FOLDER]    FOLDER: where to install to, instead of ~/.local"
prefix=${HOME}/.local
while [ $# -gt 0 ]; do
    case $1 in
    --prefix=?*) prefix=${1#--prefix=} ;;
    --prefix)
        [ -n "${2:-}" ] || { echo "$usage" >&2; exit 2; }
        prefix=$2
        shift
        ;;
    --help) echo "$usage"; exit 0 ;;
    *) echo "$1 is not known here. $usage" >&2; exit 2 ;;
    esac
    shift
done

oldest=@GLIBC@
found=$(getconf GNU_LIBC_VERSION 2>/dev/null | sed 's/^glibc //') || found=
# The older of both in the order of versions; where nothing was found, that is none.
if [ "$(uname -m)" != x86_64 ] || [ "$(printf '%s\n' "$oldest" "$found" | sort -V | head -n 1)" != "$oldest" ]; then
    echo "Candor needs an x86_64 Linux with the GNU C library $oldest or newer; this is $(uname -m) with ${found:-another}." >&2
    exit 1
fi

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# What unpacked this has gone into a folder of its own, and says where it was started.
case $prefix in /*) ;; *) prefix=${USER_PWD:-$PWD}/$prefix ;; esac
if ! mkdir -p "$prefix/lib" "$prefix/bin" "$prefix/share/applications" "$prefix/share/icons" \
    "$prefix/share/mime/packages" 2>/dev/null || [ ! -w "$prefix/lib" ]; then
    echo "Nothing can be written to $prefix. Take another folder: -- --prefix FOLDER" >&2
    exit 1
fi
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

needed=$(du -sk "$here" | cut -f 1)
free=$(df -Pk "$prefix/lib" | tail -n 1 | tr -s ' ' | cut -d ' ' -f 4)
if [ "$free" -lt "$needed" ]; then
    echo "Candor needs $((needed / 1024 + 1)) MiB in $prefix, where $((free / 1024)) MiB are free." >&2
    exit 1
fi

# Beside the old one first, so that a full disk leaves that one whole.
staged=$(mktemp -d "$prefix/lib/candor-program.XXXXXX")
trap 'rm -rf "$staged"' EXIT
trap 'exit 1' HUP INT TERM
new=$staged/new
cp -R "$here/candor" "$new"
cp "$here/candor.xml" "$here/refresh.sh" "$here/uninstall.sh" "$new/"
# In a desktop entry these signs have a meaning in quoted words, and the sign that takes it away is written twice.
quoted=\"$(printf '%s' "$program/candor" | sed 's/\\/\\\\\\\\/g; s/["`$]/\\\\&/g; s/%/%%/g')\"
# xdg-open on a desktop that it does not know reads no quotes.
case $program in *[!A-Za-z0-9/._-]*) ;; *) quoted=$program/candor ;; esac
for each in candor.desktop zz-candor.desktop; do
    while IFS= read -r line; do
        case $line in
        Exec=*) printf 'Exec=%s %%u\n' "$quoted" ;;
        TryExec=*) ;;
        *) printf '%s\n' "$line" ;;
        esac
    done <"$here/$each" >"$new/$each"
done

# What the desktop reads is as the earlier installation left it, or somebody else's and stays.
is_theirs() { [ -e "$1" ] && ! cmp -s "$1" "$program/${1##*/}"; }
entry=$prefix/share/applications/candor.desktop
documents=$prefix/share/applications/zz-candor.desktop
types=$prefix/share/mime/packages/candor.xml
theirs=
for file in "$entry" "$documents" "$types"; do ! is_theirs "$file" || theirs="$theirs $file"; done
is_open=
for each in /proc/[0-9]*/exe; do [ "$(readlink "$each" 2>/dev/null)" != "$program/candor" ] || is_open=yes; done

[ ! -e "$program" ] || mv "$program" "$staged/old"
mv "$new" "$program"
ln -sfn "$program/candor" "$prefix/bin/candor"
for file in "$entry" "$documents" "$types"; do
    case $theirs in *" $file"*) ;; *) cp "$program/${file##*/}" "$file" ;; esac
done
cp -R "$here/hicolor" "$prefix/share/icons/"
sh "$program/refresh.sh" "$prefix"

# Where the program finds its own libraries when it starts.
missing=$(LD_LIBRARY_PATH="$program/_internal" ldd "$program/_internal/PySide6/QtWidgets.abi3.so" \
    "$program/_internal/PySide6/Qt/plugins/platforms/libqxcb.so" \
    2>/dev/null | sed -n 's/^[[:space:]]*\(.*\) => not found.*/\1/p' | sort -u | tr '\n' ' ') || missing=
[ -z "$missing" ] || echo "Candor needs libraries that this system does not have yet: $missing" >&2
[ -z "$theirs" ] || echo "Not written by Candor, and left as it is:$theirs" >&2
[ -z "$is_open" ] || echo "Candor is open: this version starts when it is opened the next time."
in_menu=" and in the menu"
[ "$prefix" = "$HOME/.local" ] || in_menu="; a menu finds it where XDG_DATA_DIRS names $prefix/share"
echo "Candor is installed in $program$in_menu."
echo "To remove it: sh '$(printf '%s' "$program/uninstall.sh" | sed "s/'/'\\\\''/g")'"
