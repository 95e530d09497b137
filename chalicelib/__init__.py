"""The product. Its models are built when they are first used: a process meets few of them (bench/cold.py)."""
import pydantic

pydantic.BaseModel.model_config["defer_build"] = True
