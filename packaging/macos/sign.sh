#!/bin/sh
# Signs Candor.app from the inside out, so that each signature covers what was signed before it, with the hardened
# runtime and without a single exception from it (entitlements.plist is empty on purpose).
#   sign.sh APP IDENTITY      IDENTITY: the name of a "Developer ID Application" certificate in the keychain
set -eu

app=$1
identity=$2
here=$(cd "$(dirname "$0")" && pwd)

sign() {
    codesign --force --timestamp --options runtime --sign "$identity" "$@"
}

# Whatever is code for the system: libraries, modules, the programs beside the main one.
find "$app/Contents" -type f \( -name '*.dylib' -o -name '*.so' -o -perm -u+x \) ! -path "$app/Contents/MacOS/Candor" -print |
    while IFS= read -r file; do
        if file -b "$file" | grep -q 'Mach-O'; then
            sign "$file"
        fi
    done

find "$app/Contents" -type d -name '*.framework' -print |
    while IFS= read -r framework; do
        sign "$framework"
    done

sign --entitlements "$here/entitlements.plist" "$app"
codesign --verify --deep --strict --verbose=2 "$app"
