"""A Keras model in memory, by the description that it gives of itself."""

from __future__ import annotations

from typing import Any

from ..readers import How, ModelFile, by_name
from .archive import fault


def described(model: Any) -> ModelFile:
    """What is read in the place of a file. Raises SpecError where the model cannot describe itself."""
    try:
        text = model.to_json()
    except Exception as error:  # whatever get_config of a layer of one's own raises
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise fault(f"the model cannot say what its layers are: {lines[0][:300]}") from None
    return ModelFile(str(model.name), "", text.encode(), by_name("keras"), How())
