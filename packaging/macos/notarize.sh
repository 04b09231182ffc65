#!/bin/sh
# Has Apple look at a disk image, and fastens its answer to it: a Mac without a network must find it there.
#   notarize.sh IMAGE PROFILE [KEYCHAIN]
#       PROFILE: what `xcrun notarytool store-credentials` has kept, in KEYCHAIN where that is not the person's own
set -eu

image=$1
profile=$2

xcrun notarytool submit "$image" --keychain-profile "$profile" ${3:+--keychain "$3"} --wait
xcrun stapler staple "$image"
xcrun stapler validate "$image"
spctl --assess --type open --context context:primary-signature --verbose=2 "$image"
