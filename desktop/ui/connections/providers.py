"""The names of providers as the language of the window has them; those that have no other stay as in their files."""

from __future__ import annotations

from desktop.core.connections.provider import ProviderPreset
from desktop.core.text.translatable import QT_TRANSLATE_NOOP
from desktop.ui.words import translate

_NAMED_OTHERWISE = (
    QT_TRANSLATE_NOOP("providers", "DashScope"),
    QT_TRANSLATE_NOOP("providers", "SiliconFlow"),
    QT_TRANSLATE_NOOP("providers", "Volcengine Ark"),
)


def provider_name(preset: ProviderPreset) -> str:
    """Return the name of a provider."""
    return translate("providers", preset.name) if preset.name in _NAMED_OTHERWISE else preset.name
