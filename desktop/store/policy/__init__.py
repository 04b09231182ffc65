"""The policy of this computer: where it is kept, and the keys that it has printed."""
