#!/bin/sh
# Lets the desktop know of the entry, the types and the icons below the folder $1; where a tool is absent, it finds out late.
! command -v update-desktop-database >/dev/null || update-desktop-database -q "$1/share/applications" || true
! command -v update-mime-database >/dev/null || update-mime-database "$1/share/mime" >/dev/null 2>&1 || true
! command -v gtk-update-icon-cache >/dev/null || gtk-update-icon-cache -q -t -f "$1/share/icons/hicolor" || true
