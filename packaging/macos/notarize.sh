#!/bin/sh
# Has Apple look at a disk image, and fastens its answer to it: a Mac without a network must find it there.
#   notarize.sh IMAGE PROFILE     PROFILE: what `xcrun notarytool store-credentials` has kept in the keychain
set -eu

image=$1
profile=$2

xcrun notarytool submit "$image" --keychain-profile "$profile" --wait
xcrun stapler staple "$image"
xcrun stapler validate "$image"
spctl --assess --type open --context context:primary-signature --verbose=2 "$image"
