#!/bin/sh
# A keychain for one release: the certificate that signs, and the credentials with which Apple is asked.
#   keychain.sh open KEYCHAIN      makes it; prints what image.py is to be told, each as NAME=VALUE
#   keychain.sh close KEYCHAIN     deletes it
# All that goes in comes by these variables, of which none may be empty:
#   CANDOR_MAC_CERTIFICATE_BASE64, CANDOR_MAC_CERTIFICATE_PASSWORD      a "Developer ID Application" as .p12
#   CANDOR_MAC_NOTARY_KEY, CANDOR_MAC_NOTARY_KEY_ID, CANDOR_MAC_NOTARY_ISSUER      a key (.p8) of App Store Connect
set -eu
umask 077

keychain=$2
profile=candor-release

if [ "$1" = close ]; then
    [ ! -e "$keychain" ] || security delete-keychain "$keychain"
    exit
fi

for name in CERTIFICATE_BASE64 CERTIFICATE_PASSWORD NOTARY_KEY NOTARY_KEY_ID NOTARY_ISSUER; do
    eval "value=\${CANDOR_MAC_$name:-}"
    if [ -z "$value" ]; then
        echo "Unsigned images are not handed out: CANDOR_MAC_$name is empty." >&2
        exit 1
    fi
done

kept=$(mktemp -d)
trap 'rm -rf "$kept"' EXIT
printf '%s' "$CANDOR_MAC_CERTIFICATE_BASE64" | base64 --decode > "$kept/certificate.p12"
printf '%s\n' "$CANDOR_MAC_NOTARY_KEY" > "$kept/key.p8"
password=$(head -c 24 /dev/urandom | base64)

{
    security create-keychain -p "$password" "$keychain"
    security set-keychain-settings -l -u -t 21600 "$keychain" # seconds; a release takes less
    security unlock-keychain -p "$password" "$keychain"
    security import "$kept/certificate.p12" -f pkcs12 -P "$CANDOR_MAC_CERTIFICATE_PASSWORD" -T /usr/bin/codesign -k "$keychain"
    # Without these codesign would ask a person, and would not look here.
    security set-key-partition-list -S apple-tool:,apple: -k "$password" "$keychain"
    security list-keychains -d user -s "$keychain"
    xcrun notarytool store-credentials "$profile" --keychain "$keychain" --key "$kept/key.p8" \
        --key-id "$CANDOR_MAC_NOTARY_KEY_ID" --issuer "$CANDOR_MAC_NOTARY_ISSUER"
} >&2

identity=$(security find-identity -v -p codesigning "$keychain" | sed -n 's/.*"\(Developer ID Application: .*\)".*/\1/p' | head -n 1)
if [ -z "$identity" ]; then
    echo "The certificate is no valid Developer ID Application." >&2
    exit 1
fi
printf '%s\n' "CANDOR_MAC_IDENTITY=$identity" "CANDOR_MAC_PROFILE=$profile" "CANDOR_MAC_KEYCHAIN=$keychain"
