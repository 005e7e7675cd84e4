"""Phrases and prompts as files: ``<group>.<language>.toml`` for phrases, ``<name>.<language>.md`` for prompts."""

from prompts.texts import phrase, phrases, prompt

__all__ = ["phrase", "phrases", "prompt"]
