"""The recipes for Linux: the frozen program, the Debian package, the RPM and the installer without root."""
